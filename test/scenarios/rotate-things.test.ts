import { describe, expect, it } from "vitest";
import { Crashes } from "../helpers/crash.ts";
import { ROTATED_THINGS } from "../helpers/rotated-things.ts";
import { beginRotation, STEPS } from "../helpers/secrets-manager.ts";
import { ThingRotating } from "../helpers/thing-rotating.ts";
import { allWell, standing } from "../helpers/thing-standing.ts";

const KINDS = Object.keys(ROTATED_THINGS) as (keyof typeof ROTATED_THINGS)[];
const LIMIT_SECONDS = 3_600;

describe.each(KINDS)("a %s", (kind) => {
  it("is another one after a rotation, and its user notices nothing", async () => {
    const world = new ThingRotating(kind);
    await world.start();
    await world.ended(LIMIT_SECONDS);
    expect(world.current()).not.toBe(world.thing.first);
    expect(await standing(world)).toEqual(allWell(world));
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
    const calm = new ThingRotating(kind, whole);
    await calm.start();
    await calm.ended(LIMIT_SECONDS);
    expect(whole.calls).toBeGreaterThan(20);
    for (let call = 1; call <= whole.calls; call++) {
      const crashes = new Crashes(call);
      const world = new ThingRotating(kind, crashes);
      await world.start();
      await world.ended(LIMIT_SECONDS);
      await world.clock.advance(600);
      expect(crashes.deaths, `a crash at call ${call}`).toBe(1);
      expect(await standing(world), `a crash at call ${call}`).toEqual(allWell(world));
    }
  });

  it("is rotated once when a look and Secrets Manager ask at the same moment, twice each", async () => {
    const world = new ThingRotating(kind);
    await world.clock.advance(5);
    const { step } = beginRotation(world, "rotated");
    for (let n = 0; n < 2; n++) askByLook(world);
    // They take turns at each of their calls.
    const doors = [step("createSecret"), world.clock.advance(0), step("createSecret")];
    await Promise.allSettled(doors);
    expect(await onceRotated(world)).toEqual(allWell(world));
  });

  it("is rotated once when each step is asked for twice at the same moment, and by a look", async () => {
    const world = new ThingRotating(kind);
    await world.clock.advance(5);
    const { step } = beginRotation(world, "rotated");
    for (const each of STEPS) {
      await Promise.allSettled([step(each), step(each)]);
      askByLook(world);
      await world.clock.advance(1);
      await step(each);
    }
    expect(await onceRotated(world)).toEqual(allWell(world));
  });
});

function askByLook({ world, thing }: ThingRotating): void {
  const ask = { kind: "start", by: "schedule" };
  world.queue.send(JSON.stringify({ rotation: thing.rotation.name, ask }));
}

/** What is so when the attempt that is under way has ended, and there was no other. */
async function onceRotated(world: ThingRotating) {
  const begun = (await world.record())?.attempt?.id;
  await world.ended(LIMIT_SECONDS);
  await world.clock.advance(600);
  expect((await world.record())?.last?.attempt).toBe(begun);
  expect(world.world.told()).toHaveLength(1);
  return standing(world);
}
