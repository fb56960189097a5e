import { describe, expect, it } from "vitest";
import type { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { Crashes } from "../helpers/crash.ts";
import { ROTATED_THINGS } from "../helpers/rotated-things.ts";
import { type MakeThing, ThingRotating } from "../helpers/thing-rotating.ts";

/** Of consul-token it is shown with its agents, and of vault-token with who renews it. */
const KINDS = [
  "nomad-gossip-key",
  "vault-secret-id",
] as const satisfies readonly (keyof typeof ROTATED_THINGS)[];
const GROUP = "agents";
const SILENT = "i-00000000000000001";
/** So that there are not too many calls to crash at. */
const BRIEF = {
  verifySeconds: 11,
  reload: { groups: [GROUP], units: ["agent"], action: "reload" },
};
const LIMIT_SECONDS = 3_600;

/** Its agent is told to read it by Systems Manager, which does not know the machine. */
function startSilent(kind: (typeof KINDS)[number], crashes = new Crashes()): ThingRotating {
  const make: MakeThing = (clock, aws, around) => {
    aws.autoScaling.createGroup({ name: GROUP, instances: [{ id: SILENT }] });
    const thing = ROTATED_THINGS[kind](clock, around);
    return { ...thing, rotation: { ...thing.rotation, ...BRIEF } as Rotation };
  };
  return new ThingRotating(make, crashes);
}

describe.each(KINDS)("a %s that its consumer never reads", (kind) => {
  it("is taken back through a crash at any call of that, and the one before was never away", async () => {
    const whole = new Crashes();
    const calm = startSilent(kind, whole);
    const first = calm.current();
    await calm.start();
    let before = 0;
    await calm.clock.until(async () => {
      const isTakenBack = (await calm.record())?.attempt?.takenBack !== undefined;
      if (!isTakenBack) before = whole.calls;
      return isTakenBack;
    }, 60);
    await calm.ended(LIMIT_SECONDS);
    expect((await calm.record())?.last?.why).toContain(`${SILENT} did not take it within 11 s`);
    expect(whole.calls - before).toBeGreaterThan(10);
    for (let call = before + 1; call <= whole.calls; call++) {
      const crashes = new Crashes(call);
      const world = startSilent(kind, crashes);
      await world.start();
      await world.ended(LIMIT_SECONDS);
      const record = await world.record();
      const seen = {
        outcome: record?.last?.outcome,
        attempt: record?.attempt,
        problems: world.problems,
        current: world.current(),
        living: world.thing.living(),
        copy: world.thing.copy ? world.thing.copy() : first,
        deadLetters: world.world.deadLetters.bodies(),
      };
      expect(seen, `a crash at call ${call}`).toEqual({
        outcome: "taken-back",
        attempt: undefined,
        problems: [],
        current: first,
        living: [first],
        copy: first,
        deadLetters: [],
      });
    }
  });
});
