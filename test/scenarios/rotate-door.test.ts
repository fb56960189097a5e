import { describe, expect, it } from "vitest";
import type { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { Crashes } from "../helpers/crash.ts";
import type { ROTATED_THINGS } from "../helpers/rotated-things.ts";
import { rotateBySteps, rotateUntilItFails } from "../helpers/secrets-manager.ts";
import { ThingRotating } from "../helpers/thing-rotating.ts";

type ThingName = keyof typeof ROTATED_THINGS;
/** How each differs at this door: stored first, made first, introduced to all members, tested with a login. */
const KINDS = [
  "consul-token",
  "nomad-token",
  "nomad-gossip-key",
  "vault-secret-id",
] as const satisfies readonly ThingName[];
/** One that its server chooses, and one that is stored before it is made; the test of that leaves something. */
const EACH_ORDER = ["nomad-token", "vault-secret-id"] as const;
/** Agents have joined by then. */
const JOINED_SECONDS = 5;
const LIMIT_SECONDS = 7_200;

type Door = typeof rotateBySteps;

async function rotated(kind: ThingName, door: Door, crashes = new Crashes()) {
  const world = new ThingRotating(kind, crashes);
  world.configure({ ...world.thing.rotation, startedBy: "secrets-manager" } as Rotation);
  await world.clock.advance(JOINED_SECONDS);
  await door(world, "rotated");
  const steps = crashes.calls;
  // One that has died before it wrote anything has begun nothing.
  const isOver = () => world.world.rotations.all().every(({ attempt }) => !attempt);
  await world.clock.until(isOver, LIMIT_SECONDS);
  const record = await world.record();
  return {
    steps,
    first: world.thing.first,
    current: world.current(),
    seen: {
      deaths: crashes.deaths,
      attempt: record?.attempt,
      problems: world.problems,
      living: world.thing.living(),
      deadLetters: world.world.deadLetters.bodies(),
    },
    outcome: record?.last?.outcome,
  };
}

const allWell = (deaths: number, current: string) => ({
  ...{ deaths, attempt: undefined, problems: [], living: [current], deadLetters: [] },
});

describe.each(KINDS)("Secrets Manager has a %s rotated, and a step dies", (kind) => {
  it("at any call, and it asks again: it works, it alone, and at no moment none does", async () => {
    const calm = await rotated(kind, rotateBySteps);
    expect(calm.steps).toBeGreaterThan(20);
    for (let call = 1; call <= calm.steps; call++) {
      const { first, current, seen, outcome } = await rotated(
        kind,
        rotateBySteps,
        new Crashes(call),
      );
      expect(seen, `a crash at call ${call}`).toEqual(allWell(1, current));
      expect([outcome, current === first], `a crash at call ${call}`).toEqual(["rotated", false]);
    }
  });
});

describe.each(EACH_ORDER)("Secrets Manager has a %s rotated, and a step dies", (kind) => {
  it("at any call, and it asks no more: what was made is ended, or in use", async () => {
    const calm = await rotated(kind, rotateUntilItFails);
    for (let call = 1; call <= calm.steps; call++) {
      const { current, seen } = await rotated(kind, rotateUntilItFails, new Crashes(call));
      expect(seen, `a crash at call ${call}`).toEqual(allWell(1, current));
    }
  });
});
