import { describe, expect, it } from "vitest";
import type { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { lookAtAll } from "../../lambdas/domain/rotate/look-at-all.ts";
import { Rotating } from "../helpers/rotating.ts";

const QUICK = { everySeconds: 1_800, verifySeconds: 120, graceSeconds: 60 };

describe.each(["observe", "pause"] as const)("in mode %s", (mode) => {
  function inMode(rotation = QUICK) {
    const world = new Rotating({ rotation });
    world.world.control.turn(mode);
    return world;
  }

  it("nothing that is due is begun, and what dies meanwhile is told", async () => {
    const world = inMode();
    world.consumer.stop();
    await world.clock.advance(3 * 3_600);
    expect(await world.record()).not.toHaveProperty("attempt");
    expect(world.metric(METRICS.rotationExpiring)).toBeGreaterThan(20);
    const told = world.world.told().map(({ why }) => why);
    expect(told[0]).toMatch(new RegExp(`^it expires at .*: the mode is ${mode}$`));
    expect(told.at(-1)).toMatch(/^its server does not know what the secret holds, and/);
  });

  it("it is begun once the mode is act again", async () => {
    const world = inMode();
    await world.clock.advance(3_600);
    expect(world.currentToken()).toBe(world.firstToken);
    world.world.control.turn("act");
    expect(await world.ended(3_600)).toBe("rotated");
    expect(world.consumer.refusals).toEqual([]);
  });

  it("an operator who asks is told in the journal that nothing is begun", async () => {
    const world = inMode();
    await world.start();
    expect(world.history().join()).toMatch(new RegExp(`asked for it, and the mode is ${mode}`));
    expect(await world.record()).toBeUndefined();
  });

  it("an attempt under way waits, and what is current is watched", async () => {
    const world = new Rotating({ rotation: { testPath: "secret/data/other" } });
    await world.start();
    world.world.control.turn(mode);
    world.consumer.stop();
    await world.clock.advance(3 * 3_600);
    expect(await world.record()).toHaveProperty("attempt");
    const why = world.world.told().at(-1)?.why;
    expect(why).toMatch(/the attempt under way since .* has not replaced it: the mode is/);
  });
});

describe("a rotation that is due and does not begin", () => {
  it("does not keep anybody from being told that the current one is about to end", async () => {
    const world = new Rotating({ rotation: { ...QUICK, startedBy: "secrets-manager" } });
    const rotation = { ...world.rotation, startedBy: "schedule" } as Rotation;
    const ports = { ...world.world.ports, queue: { send: async () => undefined } };
    world.consumer.stop();
    await world.clock.advance(2_300);
    await lookAtAll({ rotations: [rotation], ports });
    expect(world.world.told()).toEqual([]);
    await world.clock.advance(250);
    await lookAtAll({ rotations: [rotation], ports });
    expect(world.world.told()[0]?.why).toMatch(/the rotation that is due has not begun$/);
  });
});
