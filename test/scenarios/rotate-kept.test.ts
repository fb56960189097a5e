import { describe, expect, it } from "vitest";
import { Crashes } from "../helpers/crash.ts";
import { KEPT_KEYS, type KeptKind, KeptRotating } from "../helpers/kept-rotating.ts";
import { MISHAPS, type Mishap, mishapAt } from "../helpers/outage.ts";

const KINDS = Object.keys(KEPT_KEYS) as KeptKind[];

async function befallen(kind: KeptKind, mishap: Mishap, request: number) {
  const { requests, seen } = mishapAt(request, mishap, () => world);
  const world: KeptRotating = new KeptRotating(kind, { requests });
  const former = world.thing.keys();
  await world.rotate();
  return { world, seen, former };
}

async function standing(world: KeptRotating) {
  const record = await world.record();
  return {
    outcome: record?.last?.outcome,
    attempt: record?.attempt,
    current: record?.current?.accessor,
    deadLetters: world.world.deadLetters.bodies(),
  };
}

function allWell(world: KeptRotating) {
  const current = world.thing.keys().at(-1);
  return { outcome: "rotated", attempt: undefined, current, deadLetters: [] };
}

describe.each(KINDS)("a %s", (kind) => {
  it("is another one after a crash at any call: one more, and all former ones are kept", async () => {
    const whole = new Crashes();
    await new KeptRotating(kind, whole).rotate();
    expect(whole.calls).toBeGreaterThan(10);
    for (let call = 1; call <= whole.calls; call++) {
      const crashes = new Crashes(call);
      const world = new KeptRotating(kind, crashes);
      const former = world.thing.keys();
      await world.rotate();
      const keys = world.thing.keys();
      expect(crashes.deaths, `a crash at call ${call}`).toBe(1);
      expect(await standing(world), `a crash at call ${call}`).toEqual(allWell(world));
      expect(keys, `a crash at call ${call}`).toEqual([...former, keys.at(-1)]);
    }
  });

  it.each(MISHAPS)("is so when its server is %s at any request", async (mishap) => {
    const { seen: calm } = await befallen(kind, mishap, 0);
    expect(calm.requests).toBeGreaterThan(4);
    for (let request = 1; request <= calm.requests; request++) {
      const { world, former } = await befallen(kind, mishap, request);
      const keys = world.thing.keys();
      expect(await standing(world), `at request ${request}`).toEqual(allWell(world));
      expect(keys, `at request ${request}`).toEqual([...former, keys.at(-1)]);
    }
  });

  it("that is made when its attempt has ended is the one in use, and known as such", async () => {
    const world: KeptRotating = new KeptRotating(kind);
    const former = world.thing.keys();
    await world.rotate();
    // What an attempt asked for in vain, and was carried out when another one had been made.
    await world.thing.key.rotate();
    await world.clock.advance(600);
    const keys = world.thing.keys();
    expect(keys.slice(0, -2)).toEqual(former);
    expect((await world.record())?.current?.accessor).toBe(keys.at(-1));
  });
});
