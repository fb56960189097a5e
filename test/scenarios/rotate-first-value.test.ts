import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { Crashes } from "../helpers/crash.ts";
import { FIRST_VALUES } from "../helpers/first-values.ts";
import { beginRotation, STEPS } from "../helpers/secrets-manager.ts";
import { ThingRotating } from "../helpers/thing-rotating.ts";

const LIMIT_SECONDS = 3_600;
/** The first look comes after that. */
const LOOK_SECONDS = 300;
const GRACE_SECONDS = 60;

/** What somebody could see of it, at any time. */
async function seen(world: ThingRotating) {
  const record = await world.record();
  return {
    outcome: record?.last?.outcome,
    attempt: record?.attempt,
    nothingSince: record?.nothingSince,
    problems: world.problems,
    living: world.thing.living(),
    taken: world.world.counted.get(METRICS.rotationTakenBack),
    told: [...new Set(world.world.told().map(({ outcome }) => outcome))],
    deadLetters: world.world.deadLetters.bodies(),
  };
}

function allWell(world: ThingRotating) {
  return {
    outcome: "rotated",
    attempt: undefined,
    nothingSince: undefined,
    problems: [],
    living: [world.current()],
    taken: undefined,
    told: ["rotated"],
    deadLetters: [],
  };
}

describe.each(Object.entries(FIRST_VALUES))(
  "of a %s, in a secret that holds nothing",
  (_, make) => {
    it("the first is made by the first look, whoever begins the later ones, and nobody is warned", async () => {
      const world = new ThingRotating(make);
      await world.clock.advance(LOOK_SECONDS);
      const lookedAt = world.clock.now().getTime();
      await world.ended(LIMIT_SECONDS);
      // There is nobody to be weaned of one before.
      expect(world.clock.now().getTime() - lookedAt).toBeLessThan(GRACE_SECONDS * 1_000);
      expect(await seen(world)).toEqual(allWell(world));
      expect(world.world.counted.get(METRICS.rotationExpiring)).toBeUndefined();
      expect((await world.record())?.last?.why).toMatch(/there is none before it to end/);
    });

    it("it alone works after a crash at any call, and what is read in between works", async () => {
      const whole = new Crashes();
      const calm = new ThingRotating(make, whole);
      await calm.start();
      await calm.ended(LIMIT_SECONDS);
      expect(whole.calls).toBeGreaterThan(15);
      for (let call = 1; call <= whole.calls; call++) {
        const crashes = new Crashes(call);
        const world = new ThingRotating(make, crashes);
        await world.start();
        await world.ended(LIMIT_SECONDS);
        await world.clock.advance(600);
        expect(crashes.deaths, `a crash at call ${call}`).toBe(1);
        expect(await seen(world), `a crash at call ${call}`).toEqual(allWell(world));
      }
    });

    it("it is made by Secrets Manager's four steps, each twice, and current after the last", async () => {
      const world = new ThingRotating(make);
      const { step } = beginRotation(world, "rotated");
      for (const each of STEPS) {
        await step(each);
        await step(each);
        expect(world.held() !== undefined, each).toBe(each === "finishSecret");
      }
      await world.ended(LIMIT_SECONDS);
      expect(await seen(world)).toEqual(allWell(world));
    });

    it("there is nothing to test when a schedule is made", async () => {
      const world = new ThingRotating(make);
      const { step } = beginRotation(world, "rotated");
      await step("testSecret");
      expect(world.thing.living()).toEqual([]);
      expect(world.held()).toBeUndefined();
    });
  },
);
