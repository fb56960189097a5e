import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { Rotating, SECRET } from "../helpers/rotating.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** New ones never work. */
function failing(everySeconds: number): Rotating {
  const times = { everySeconds, verifySeconds: 60, graceSeconds: 60, consumerRenews: false };
  const world = new Rotating({ rotation: { ...times, testPath: "secret/data/other" } });
  world.consumer.stop();
  return world;
}

/** When attempts were taken back, in minutes from the one before. */
async function pauses(world: Rotating, count: number): Promise<number[]> {
  const ends: number[] = [];
  while (ends.length <= count) {
    expect(await world.ended(3 * DAY)).toBe("taken-back");
    ends.push((await world.record())?.last?.at.getTime() ?? 0);
  }
  return ends.slice(1).map((at, index) => Math.round((at - (ends[index] ?? 0)) / 60_000));
}

describe("a rotation that fails each time", () => {
  it("is begun again after an hour, then after twice as long as before, up to its interval", async () => {
    const found = await pauses(failing(DAY), 6);
    for (const [index, hours] of [1, 2, 4, 8, 16, 24].entries()) {
      expect(found[index]).toBeGreaterThanOrEqual(hours * 60);
      expect(found[index]).toBeLessThan(hours * 60 + 10);
    }
  });

  it("of a short interval begins with a tenth of that", async () => {
    const [first, second, ...rest] = await pauses(failing(4 * HOUR), 5);
    expect([first, second]).toEqual([expect.closeTo(27, -1), expect.closeTo(50, -1)]);
    expect(rest.at(-1)).toBeGreaterThanOrEqual(240);
  });

  it("does not fill the secret with versions, and what dies meanwhile is told", async () => {
    const world = failing(DAY);
    await world.clock.advance(2 * DAY);
    expect(world.metric(METRICS.rotationTakenBack)).toBeLessThan(8);
    expect(world.aws.secrets.secret(SECRET).versions.length).toBeLessThan(9);
    expect(world.metric(METRICS.rotationExpiring)).toBeGreaterThan(100);
  });

  it("goes by its interval again once one has succeeded", async () => {
    const world = failing(DAY);
    await pauses(world, 2);
    world.vault.secrets.set("other", { found: "yes" });
    world.vault.putPolicy("user", 'path "secret/data/*" { capabilities = ["read"] }');
    expect(await world.ended(DAY)).toBe("rotated");
    const since = world.clock.now().getTime();
    expect(await world.ended(2 * DAY)).toBe("rotated");
    expect(world.clock.now().getTime() - since).toBeGreaterThanOrEqual(DAY * 1_000);
    expect(await world.record()).not.toHaveProperty("failures");
  });
});
