import { describe, expect, it } from "vitest";
import { Crashes } from "../helpers/crash.ts";
import { WrappedRotating } from "../helpers/wrapped-rotating.ts";

const GROUP = "proxies";

async function seen(world: WrappedRotating) {
  const record = await world.record();
  return {
    outcome: record?.last?.outcome,
    attempt: record?.attempt,
    lease: record?.lease,
    problems: world.problems,
    inUse: new Set(Object.values(world.inUse())),
    living: world.living(),
    deadLetters: world.world.deadLetters.bodies(),
  };
}

function whole(outcome: string, secretId: string) {
  return {
    ...{ outcome, attempt: undefined, lease: undefined, problems: [], deadLetters: [] },
    ...{ inUse: new Set([secretId]), living: [secretId] },
  };
}

describe("a secret id that machines get in wrappings", () => {
  it("reaches them before any rotation, each in its own, which opens once", async () => {
    const world = new WrappedRotating();
    await world.boot();
    expect(new Set(Object.values(world.inUse()))).toEqual(new Set([world.first]));
    const given = world.machines().map((id) => JSON.parse(world.parameter(id) ?? ""));
    expect(new Set(given.map(({ wrappedSecretId }) => wrappedSecretId)).size).toBe(2);
    expect(new Set(given.map(({ mount, creationPath }) => `${mount} ${creationPath}`))).toEqual(
      new Set(["approle sys/wrapping/wrap"]),
    );
    expect(world.machines().map((id) => world.open(id))).toEqual([undefined, undefined]);
  });

  it("is another one after a rotation, on all of them, and the old one is dead", async () => {
    const world = new WrappedRotating();
    await world.start();
    await world.ended();
    expect(world.current()).not.toBe(world.first);
    expect(await seen(world)).toEqual(whole("rotated", world.current()));
  });

  it("is so after a crash at any call, too", async () => {
    const calm = new Crashes();
    const world = new WrappedRotating(calm);
    await world.start();
    await world.ended();
    expect(calm.calls).toBeGreaterThan(50);
    for (let call = 1; call <= calm.calls; call++) {
      const crashes = new Crashes(call);
      const crashed = new WrappedRotating(crashes);
      await crashed.start();
      await crashed.ended();
      await crashed.clock.advance(600);
      expect(crashes.deaths, `a crash at call ${call}`).toBe(1);
      const well = whole("rotated", crashed.current());
      expect(await seen(crashed), `a crash at call ${call}`).toEqual(well);
    }
  });

  it("is in nothing that Drover writes, nor is what opens a wrapping", async () => {
    const world = new WrappedRotating();
    await world.start();
    await world.ended();
    const { journal, rotations, queue } = world.world;
    const written = JSON.stringify([
      journal.all(),
      rotations.all(),
      queue.bodies(),
      world.world.told(),
    ]);
    const parameters = world.machines().map((id) => world.parameter(id) ?? "");
    const tokens = parameters.map((text) => JSON.parse(text).wrappedSecretId);
    for (const secret of [world.first, world.current(), ...tokens]) {
      expect(written).not.toContain(secret);
      expect(secret.length).toBeGreaterThan(8);
    }
    expect(parameters.join()).not.toContain(world.current());
  });
});

describe("a machine", () => {
  it("that comes when nothing is rotated gets what is current", async () => {
    const world = new WrappedRotating();
    await world.start();
    await world.ended();
    world.aws.autoScaling.setDesiredCapacity(GROUP, 3);
    await world.clock.advance(900);
    expect(world.machines()).toHaveLength(3);
    expect(new Set(Object.values(world.inUse()))).toEqual(new Set([world.current()]));
  });

  it("that is gone leaves no parameter", async () => {
    const world = new WrappedRotating();
    await world.boot();
    const [gone = ""] = world.machines();
    world.aws.ec2.terminate(gone);
    await world.clock.advance(1_800);
    expect(world.machines()).not.toContain(gone);
    expect(world.parameter(gone)).toBeUndefined();
    expect(world.machines().map((id) => typeof world.parameter(id))).toEqual(
      world.machines().map(() => "string"),
    );
  });

  it("that lets its wrapping run out gets another one", async () => {
    const world = new WrappedRotating();
    const [late = ""] = world.machines();
    world.idle.add(late);
    await world.clock.advance(1_600);
    expect(world.inUse()[late]).toBeUndefined();
    world.idle.delete(late);
    await world.boot();
    expect(world.inUse()[late]).toBe(world.first);
  });

  it("that says it has reloaded, and has not opened its wrapping, has all taken back", async () => {
    const world = new WrappedRotating();
    await world.boot();
    const [lazy = ""] = world.machines();
    world.idle.add(lazy);
    await world.start();
    await world.ended();
    expect((await world.record())?.last?.why).toBe(
      `${lazy} did not take it within 600 s it has not opened its wrapping`,
    );
    expect(await seen(world)).toEqual(whole("taken-back", world.first));
  });

  it("for which somebody else has opened it has all taken back, and is named", async () => {
    const world = new WrappedRotating();
    await world.boot();
    const [robbed = ""] = world.machines();
    const before = world.parameter(robbed);
    const steal = () => {
      if (world.parameter(robbed) === before) return;
      world.clock.at(new Date(world.clock.now().getTime() + 3_600_000), steal);
      world.open(robbed);
    };
    const execute = world.aws.runCommand.execute;
    let thefts = 0;
    world.aws.runCommand.execute = (invocation) => {
      if (invocation.instanceId === robbed && thefts++ === 0) steal();
      return execute(invocation);
    };
    await world.start();
    await world.ended();
    expect((await world.record())?.last?.why).toMatch(
      new RegExp(`^${robbed} can't take it \\(failed\\) proxy is failed; command `),
    );
    expect(await seen(world)).toEqual(whole("taken-back", world.first));
  });

  it("that comes while the old one lives, and is robbed, gets another one; the old one does not die before", async () => {
    const world = new WrappedRotating(undefined, { graceSeconds: 900 });
    const { aws } = world;
    await world.start();
    const known = world.machines();
    await world.clock.advance(60);
    aws.autoScaling.setDesiredCapacity(GROUP, 3);
    const newcomer = () => world.machines().find((id) => !known.includes(id)) ?? "";
    await world.clock.until(() => world.parameter(newcomer()) !== undefined);
    const robbed = newcomer();
    world.open(robbed);
    aws.managedNodes.startAgent(robbed);
    await world.clock.until(async () => {
      const { waiting } = (await world.record()) ?? {};
      return waiting?.why.includes(`${robbed} can't take the new one (failed)`) ?? false;
    }, 1_800);
    expect(world.living()).toContain(world.first);
    await world.ended(7_200);
    expect(await seen(world)).toEqual(whole("rotated", world.current()));
  });

  it("gets another one that an operator has put into the secret", async () => {
    const world = new WrappedRotating();
    await world.boot();
    const other = world.putByHand();
    const before = world.machines().map((id) => world.parameter(id));
    await world.clock.advance(600);
    expect(world.machines().map((id) => world.open(id))).toEqual([other, other]);
    expect(world.machines().map((id) => world.parameter(id))).not.toEqual(before);
  });
});

describe("what an operator asks for", () => {
  it("while something is delivered begins when that is over", async () => {
    const world = new WrappedRotating();
    const { rotations, queue } = world.world;
    await world.boot();
    await world.clock.advance(300);
    const record = await world.record();
    if (!record) throw new Error("there is no record");
    const until = new Date(world.clock.now().getTime() + 30_000);
    await rotations.put({ ...record, lease: { owner: "a delivery", until } });
    const attemptId = "20000000-0000-4000-8000-000000000001";
    const ask = { kind: "start", by: "operator", attemptId };
    queue.send(JSON.stringify({ rotation: "proxies", ask }));
    await world.ended();
    expect(await seen(world)).toEqual(whole("rotated", world.current()));
    expect((await world.record())?.last?.attempt).toBe(attemptId);
  });
});
