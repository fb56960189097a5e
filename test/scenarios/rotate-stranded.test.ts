import { describe, expect, it } from "vitest";
import type { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { Rotating, SECRET } from "../helpers/rotating.ts";

const QUICK = { everySeconds: 86_400, verifySeconds: 120, graceSeconds: 600 };

/** A rotation in the midst of it: the new one is in use, and the old one not yet dead. */
async function inGrace() {
  const world = new Rotating({ rotation: QUICK });
  await world.start();
  await world.clock.until(
    async () => (await world.record())?.attempt?.verifiedAt !== undefined,
    600,
  );
  const configured = world.rotator.rotations as Rotation[];
  const configure = (...rotations: readonly Rotation[]) => configured.splice(0, 1, ...rotations);
  return { world, configure };
}

function expectUntouched(world: Rotating): void {
  expect(world.livingTokens()).toHaveLength(2);
  expect(world.world.deadLetters.bodies()).toEqual([]);
  expect(world.metric(METRICS.rotationStranded)).toBeGreaterThan(2);
}

describe("the configuration changes while an attempt is under way", () => {
  it("it is there no more: an alarm, no dead letters, and it goes on when it is back", async () => {
    const { world, configure } = await inGrace();
    configure();
    await world.clock.advance(1_800);
    expectUntouched(world);
    expect(world.history().at(-1)).toMatch(/can't go on: its rotation is configured no more$/);
    configure(world.rotation);
    expect(await world.ended(3_600)).toBe("rotated");
    expect(world.livingTokens()).toEqual([world.currentToken()]);
  });

  it("it is of another secret: an alarm, told once, and it goes on when that is undone", async () => {
    const { world, configure } = await inGrace();
    world.aws.secrets.create("other", world.firstToken);
    configure({ ...world.rotation, secret: "other" } as Rotation);
    await world.clock.advance(1_800);
    expectUntouched(world);
    const told = world.history().filter((text) => text.includes("in secret other is configured"));
    expect(told).toEqual([expect.stringContaining(`is of a vault-token in secret ${SECRET}`)]);
    expect(world.aws.secrets.get("other").value).toBe(world.firstToken);
    configure(world.rotation);
    expect(await world.ended(3_600)).toBe("rotated");
    expect(world.livingTokens()).toEqual([world.currentToken()]);
  });
});
