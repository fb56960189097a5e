import { describe, expect, it } from "vitest";
import { Crashes } from "../helpers/crash.ts";
import { ROTATED_THINGS } from "../helpers/rotated-things.ts";
import { ThingRotating } from "../helpers/thing-rotating.ts";

const KINDS = Object.keys(ROTATED_THINGS) as (keyof typeof ROTATED_THINGS)[];
const LIMIT_SECONDS = 3_600;
const OUTAGE_SECONDS = 400;

async function seen(world: ThingRotating) {
  const record = await world.record();
  return {
    outcome: record?.last?.outcome,
    attempt: record?.attempt,
    problems: world.problems,
    living: await world.thing.living(),
    copy: world.thing.copy ? world.thing.copy() : world.current(),
    deadLetters: world.world.deadLetters.bodies(),
  };
}

function allWell(world: ThingRotating) {
  return {
    outcome: "rotated",
    attempt: undefined,
    problems: [],
    living: [world.current()],
    copy: world.current(),
    deadLetters: [],
  };
}

describe.each(KINDS)("a %s", (kind) => {
  it("is another one after a rotation, and its user notices nothing", async () => {
    const world = new ThingRotating(kind);
    await world.start();
    await world.ended(LIMIT_SECONDS);
    expect(world.current()).not.toBe(world.thing.first);
    expect(await seen(world)).toEqual(allWell(world));
    const written = JSON.stringify([
      world.world.journal.all(),
      world.world.rotations.all(),
      world.world.told(),
    ]);
    expect(written).not.toContain(world.current());
    expect(written).not.toContain(world.thing.first);
    expect(written).not.toMatch(/PRIVATE KEY|BEGIN CERTIFICATE/);
  });

  it("works, it alone, after a crash at any call, and at no moment none does", async () => {
    const whole = new Crashes();
    const calm = new ThingRotating(kind, whole.around, whole.invoke);
    await calm.start();
    await calm.ended(LIMIT_SECONDS);
    expect(whole.calls).toBeGreaterThan(20);
    for (let call = 1; call <= whole.calls; call++) {
      const crashes = new Crashes(call);
      const world = new ThingRotating(kind, crashes.around, crashes.invoke);
      await world.start();
      await world.ended(LIMIT_SECONDS);
      await world.clock.advance(600);
      expect(crashes.deaths, `a crash at call ${call}`).toBe(1);
      expect(await seen(world), `a crash at call ${call}`).toEqual(allWell(world));
    }
  });

  it("waits while its server is in trouble, and goes on afterwards", async () => {
    for (const fault of ["away", "throttled"] as const) {
      for (const moment of [4, 6, 20, 66]) {
        const world = new ThingRotating(kind);
        const { clock, thing } = world;
        const at = (seconds: number, action: () => void) =>
          clock.at(new Date(clock.now().getTime() + seconds * 1_000), action);
        at(moment, () => thing.fail(fault));
        at(moment + OUTAGE_SECONDS, () => thing.fail(undefined));
        await world.start();
        await world.ended(LIMIT_SECONDS);
        expect(await seen(world), `${fault} at ${moment} s`).toEqual(allWell(world));
      }
    }
  });

  it("ends as well, whichever answer gets lost on the way", async () => {
    let calls = 0;
    const calm = new ThingRotating(kind, async (carryOut) => {
      calls += 1;
      return carryOut();
    });
    await calm.start();
    await calm.ended(LIMIT_SECONDS);
    for (let lost = 1; lost <= calls; lost++) {
      let number = 0;
      const world = new ThingRotating(kind, async (carryOut) => {
        number += 1;
        if (number === lost) world.thing.loseAnswer();
        return carryOut();
      });
      await world.start();
      await world.ended(LIMIT_SECONDS);
      expect(await seen(world), `the answer after call ${lost}`).toEqual(allWell(world));
    }
  });
});
