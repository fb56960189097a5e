import { describe, expect, it } from "vitest";
import { Crashes } from "../helpers/crash.ts";
import { GROUP, type RotatedAgents, rotatedAgents } from "../helpers/rotated-agents.ts";
import { type MakeThing, ThingRotating } from "../helpers/thing-rotating.ts";

const LIMIT_SECONDS = 3_600;
/** So that there are not too many calls to crash at. */
const BRIEF = { verifySeconds: 11 };
const UNREACHABLE = "i-00000000000000002";

interface World {
  readonly world: ThingRotating;
  readonly agents: RotatedAgents;
}

function start(crashes = new Crashes(), settings = {}): World {
  let agents: RotatedAgents | undefined;
  const make: MakeThing = (clock, aws, around) => {
    agents = rotatedAgents(clock, aws, settings, around);
    return agents;
  };
  const world = new ThingRotating(make, crashes);
  if (!agents) throw new Error("there are no agents");
  return { world, agents };
}

async function seen({ world, agents }: World) {
  const record = await world.record();
  return {
    outcome: record?.last?.outcome,
    attempt: record?.attempt,
    problems: world.problems,
    secret: world.current(),
    variable: agents.copy(),
    inUse: new Set(Object.values(agents.inUse())),
    living: agents.living(),
    deadLetters: world.world.deadLetters.bodies(),
  };
}

function whole(outcome: string, token: string) {
  return {
    ...{ outcome, attempt: undefined, problems: [], deadLetters: [] },
    ...{ secret: token, variable: token, inUse: new Set([token]), living: [token] },
  };
}

describe("a token that running agents are given", () => {
  it("is used by all of them before the old one dies, and by the job", async () => {
    const { world, agents } = start();
    await world.start();
    await world.ended(LIMIT_SECONDS);
    expect(world.current()).not.toBe(agents.first);
    expect(await seen({ world, agents })).toEqual(whole("rotated", world.current()));
    const { journal, rotations } = world.world;
    const written = JSON.stringify([journal.all(), rotations.all(), world.world.told()]);
    expect(written).not.toContain(world.current());
    expect(written).not.toContain(agents.first);
  });

  it("is so after a crash at any call, too", async () => {
    const calm = new Crashes();
    const { world } = start(calm);
    await world.start();
    await world.ended(LIMIT_SECONDS);
    expect(calm.calls).toBeGreaterThan(20);
    for (let call = 1; call <= calm.calls; call++) {
      const crashes = new Crashes(call);
      const crashed = start(crashes);
      await crashed.world.start();
      await crashed.world.ended(LIMIT_SECONDS);
      await crashed.world.clock.advance(600);
      expect(crashes.deaths, `a crash at call ${call}`).toBe(1);
      const well = whole("rotated", crashed.world.current());
      expect(await seen(crashed), `a crash at call ${call}`).toEqual(well);
      expect(crashed.world.current()).not.toBe(crashed.agents.first);
    }
  });

  it("is taken back when one can't be reached, which is named; through a crash at any call", async () => {
    const calm = new Crashes();
    const { world, agents } = start(calm, BRIEF);
    agents.consul.stopAgent(UNREACHABLE);
    await world.start();
    await world.ended(LIMIT_SECONDS);
    const why = (await world.record())?.last?.why;
    expect(why).toContain(`${UNREACHABLE} did not take it within 11 s`);
    expect(why).not.toContain("i-00000000000000001");
    for (let call = 1; call <= calm.calls; call++) {
      const crashes = new Crashes(call);
      const crashed = start(crashes, BRIEF);
      crashed.agents.consul.stopAgent(UNREACHABLE);
      await crashed.world.start();
      await crashed.world.ended(LIMIT_SECONDS);
      const { first } = crashed.agents;
      const back = whole("taken-back", first);
      expect(await seen(crashed), `a crash at call ${call}`).toEqual(back);
    }
  });

  it("waits for one that is away for a while", async () => {
    const { world, agents } = start();
    agents.consul.stopAgent(UNREACHABLE);
    const { clock } = world;
    clock.at(new Date(clock.now().getTime() + 90_000), () =>
      agents.consul.resumeAgent(UNREACHABLE),
    );
    await world.start();
    await world.ended(LIMIT_SECONDS);
    expect(await seen({ world, agents })).toEqual(whole("rotated", world.current()));
  });

  it("is given to those that come into service later; the old one does not die before", async () => {
    const { world, agents } = start(new Crashes(), { graceSeconds: 900 });
    const { clock, aws } = world;
    await world.start();
    await clock.advance(60);
    aws.autoScaling.setDesiredCapacity(GROUP, 3);
    await clock.advance(1_800);
    expect((await world.record())?.waiting).toMatchObject({ step: "grace" });
    expect(agents.living()).toContain(agents.first);
    const known = Object.keys(agents.inUse());
    const added = aws.ec2.list().find(({ id }) => !known.includes(id))?.id ?? "";
    agents.startAgent(added, agents.first);
    await world.ended(LIMIT_SECONDS);
    expect(await seen({ world, agents })).toEqual(whole("rotated", world.current()));
    expect(Object.keys(agents.inUse())).toHaveLength(3);
  });
});
