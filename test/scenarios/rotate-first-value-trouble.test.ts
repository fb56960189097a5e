import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { rehearse } from "../../lambdas/domain/rotate/rehearse.ts";
import type { VirtualClock } from "../../local/clock.ts";
import { Crashes } from "../helpers/crash.ts";
import { FIRST_VALUES, firstToken } from "../helpers/first-values.ts";
import type { RotatedThing } from "../helpers/rotated-thing.ts";
import { ROTATED_THINGS } from "../helpers/rotated-things.ts";
import { ThingRotating } from "../helpers/thing-rotating.ts";

const LIMIT_SECONDS = 3_600;
const LOOK_SECONDS = 300;
/** The first look begins it; the third is the first that finds it late. */
const LATE_SECONDS = 3 * LOOK_SECONDS + 1;

function warnings(world: ThingRotating): string[] {
  return world.world.told().flatMap(({ outcome, why }) => (outcome === "expiring" ? why : []));
}

function history(world: ThingRotating): string {
  return world.world.journal
    .all()
    .map(({ text }) => text)
    .join("\n");
}

/** One whose first value has to be put there by hand: its policies are kept. */
function withoutFirst(make: (typeof ROTATED_THINGS)["consul-token"]) {
  return (clock: VirtualClock): RotatedThing => ({ ...make(clock), first: "" });
}

describe("a first value that does not work", () => {
  const broken = (crashes = new Crashes()) =>
    new ThingRotating(
      (clock, _aws, around) => firstToken(clock, { testPath: "secret/data/other" }, around),
      crashes,
    );

  it("is never current; it is dead, and that the secret holds nothing is told until it does", async () => {
    const world = broken();
    await world.start();
    expect(await world.ended(LIMIT_SECONDS)).toBe("taken-back");
    expect(world.thing.living()).toEqual([]);
    expect(world.held()).toBeUndefined();
    expect(world.world.counted.get(METRICS.rotationTakenBack)).toBe(1);
    await world.clock.advance(2 * LOOK_SECONDS);
    expect(warnings(world)).toHaveLength(2);
    expect(warnings(world)[0]).toBe("its secret holds nothing, and no rotation is under way");
  });

  it("is dead and never current after a crash at any call, too", async () => {
    const whole = new Crashes();
    const calm = broken(whole);
    await calm.start();
    await calm.ended(LIMIT_SECONDS);
    for (let call = 1; call <= whole.calls; call++) {
      const crashes = new Crashes(call);
      const world = broken(crashes);
      await world.start();
      const outcome = await world.ended(LIMIT_SECONDS);
      const seen = {
        deaths: crashes.deaths,
        outcome,
        held: world.held(),
        living: world.thing.living(),
      };
      expect(seen, `a crash at call ${call}`).toEqual({
        deaths: 1,
        outcome: "taken-back",
        held: undefined,
        living: [],
      });
    }
  });

  it("is tried again an hour later, and no attempt leaves anything behind", async () => {
    const world = broken();
    await world.clock.advance(3 * LIMIT_SECONDS);
    expect(world.world.counted.get(METRICS.rotationTakenBack)).toBe(2);
    expect(world.thing.living()).toEqual([]);
    expect(await world.record()).toMatchObject({ failures: { times: 2 } });
    // In between it is looked for what is left over.
    expect(await world.record()).toMatchObject({ unreferenced: { accessors: [] } });
    expect(world.world.counted.get(METRICS.rotationUnwatched)).toBeUndefined();
  });
});

describe("a first value that nobody shows to use", () => {
  it("stays, since there is none before it, and that is told", async () => {
    const world = new ThingRotating((clock) => firstToken(clock, { consumerRenews: true }));
    await world.start();
    expect(await world.ended(LIMIT_SECONDS)).toBe("rotated");
    expect((await world.record())?.last?.why).toBe(
      "there is none before it, so the new one stays, although its consumer has not renewed the new one within 120 s",
    );
    expect(world.world.counted.get(METRICS.rotationTakenBack)).toBe(1);
    expect(world.thing.living()).toEqual([world.current()]);
  });
});

describe("a secret that stays empty", () => {
  it("is told when its first rotation has had its chance, and no more when it holds something", async () => {
    const world = new ThingRotating(FIRST_VALUES["vault-token"]);
    world.thing.fail("away");
    await world.clock.advance(LATE_SECONDS);
    expect(warnings(world)).toHaveLength(1);
    expect(warnings(world)[0]).toMatch(
      /^its secret holds nothing, and the attempt under way since \S+ has not replaced it$/,
    );
    world.thing.fail(undefined);
    expect(await world.ended(LIMIT_SECONDS)).toBe("rotated");
    const before = warnings(world).length;
    await world.clock.advance(2 * LOOK_SECONDS);
    expect(warnings(world)).toHaveLength(before);
  });

  it("is told at once in a mode in which nothing is made", async () => {
    const world = new ThingRotating(FIRST_VALUES["vault-token"]);
    world.world.control.turn("observe");
    await world.clock.advance(LOOK_SECONDS + 1);
    expect(warnings(world)).toEqual([
      "its secret holds nothing, and the rotation that is due has not begun: the mode is observe",
    ]);
    expect(await world.record()).toMatchObject({ nothingSince: expect.any(Date) });
    expect(world.thing.living()).toEqual([]);
  });

  it("is filled again after it was made anew, however young the one in the former secret was", async () => {
    const world = new ThingRotating(FIRST_VALUES["vault-token"]);
    await world.start();
    await world.ended(LIMIT_SECONDS);
    const former = world.current();
    world.aws.secrets.delete("rotated");
    world.aws.secrets.create("rotated");
    await world.clock.advance(2 * LOOK_SECONDS);
    expect(world.current()).not.toBe(former);
    expect(world.thing.living()).toContain(world.current());
  });
});

describe("an operator", () => {
  it("who puts the first value there at the same time is left alone, and Drover's own dies", async () => {
    const world = new ThingRotating((clock) =>
      firstToken(clock, { testPath: "secret/data/other" }),
    );
    await world.start();
    await world.clock.advance(10);
    world.aws.secrets.put("rotated", "by-hand");
    expect(await world.ended(LIMIT_SECONDS)).toBe("taken-back");
    expect(world.current()).toBe("by-hand");
    expect(world.thing.living()).toEqual([]);
  });

  it("hears what would be done for a secret that holds nothing", async () => {
    const world = new ThingRotating(FIRST_VALUES["vault-token"]);
    await rehearse(world.thing.rotation, world.world.ports);
    expect(history(world)).toMatch(
      /secret rotated holds nothing yet\nwould have made a new one, tested it and made it current in secret rotated$/,
    );
    expect(world.held()).toBeUndefined();
    expect(world.thing.living()).toEqual([]);
  });
});

describe("a first value whose copy can't be written", () => {
  function start() {
    const world = new ThingRotating((clock) =>
      firstToken(clock, { parameter: "/copy", startedBy: "schedule" }),
    );
    world.aws.faults.deny("ssm:PutParameter");
    return world;
  }

  it("waits until it can, since there is none to go back to", async () => {
    const world = start();
    await world.start();
    await world.clock.advance(3_000);
    const { last, waiting } = (await world.record()) ?? {};
    expect(last).toBeUndefined();
    expect(waiting?.why).toMatch(/parameter \/copy: .*ssm:PutParameter/);
    expect(world.world.counted.get(METRICS.rotationTakenBack)).toBeUndefined();
    expect(world.world.counted.get(METRICS.rotationHeldUp)).toBeGreaterThan(100);
    world.aws.faults.heal();
    expect(await world.ended(LIMIT_SECONDS)).toBe("rotated");
    expect(world.aws.parameters.find("/copy")?.value).toBe(world.aws.secrets.get("rotated").value);
    expect(world.thing.living()).toEqual([world.current()]);
  });

  it("and that dies meanwhile, does not pass for one that works: another one is made", async () => {
    const world = start();
    await world.start();
    await world.clock.advance(3 * 3_600);
    expect(world.thing.living()).toEqual([]);
    world.aws.faults.heal();
    expect(await world.ended(LIMIT_SECONDS)).toBe("taken-back");
    expect((await world.record())?.last?.why).toMatch(/has died before all could be given it$/);
    expect(world.world.counted.get(METRICS.rotationTakenBack)).toBe(1);
    await world.clock.until(async () => (await world.record())?.last?.outcome === "rotated", 7_200);
    expect(world.aws.parameters.find("/copy")?.value).toBe(world.aws.secrets.get("rotated").value);
    expect(world.thing.living()).toEqual([world.current()]);
  });
});

describe("what keeps what the one before may do", () => {
  const make = withoutFirst(ROTATED_THINGS["consul-token"]);
  const COMMAND =
    /put the first value into it.*aws secretsmanager put-secret-value --secret-id rotated/;

  it("waits for its first value, and says at once how to put it", async () => {
    const world = new ThingRotating(make);
    await world.clock.advance(LOOK_SECONDS + 1);
    expect(warnings(world)[0]).toMatch(COMMAND);
    expect(await world.record()).toMatchObject({
      waiting: { step: "know-current", why: expect.stringMatching(COMMAND) },
    });
  });

  it("tells Secrets Manager so, and an operator who asks what would be done", async () => {
    const world = new ThingRotating(make);
    const { id: ClientRequestToken } = world.aws.secrets.beginRotation("rotated");
    const { arn: SecretId } = world.aws.secrets.secret("rotated");
    for (const Step of ["testSecret", "createSecret"]) {
      await expect(world.call({ Step, SecretId, ClientRequestToken })).rejects.toThrow(COMMAND);
    }
    await rehearse(world.thing.rotation, world.world.ports);
    expect(history(world)).toMatch(COMMAND);
  });
});
