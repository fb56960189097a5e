import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { Rotating, SECRET } from "../helpers/rotating.ts";

const FOUR_HOURS = 14_400;

describe("a Vault token is rotated", () => {
  it("and its consumer, which uses it every second, is never refused", async () => {
    const world = new Rotating();
    await world.start();
    expect(await world.ended()).toBe("rotated");
    await world.clock.advance(60);
    expect(world.consumer.refusals).toEqual([]);
    expect(world.consumer.calls).toBeGreaterThan(3_600);
    expect(world.consumer.token).toBe(world.currentToken());
    expect(world.livingTokens()).toEqual([world.currentToken()]);
    expect(world.currentToken()).not.toBe(world.firstToken);
    expect(world.world.told()).toMatchObject([{ outcome: "rotated" }]);
    expect(world.world.deadLetters.bodies()).toEqual([]);
  });

  it("when its time has come, and the next time again", async () => {
    const world = new Rotating({
      rotation: { everySeconds: FOUR_HOURS, verifySeconds: 300, graceSeconds: 600 },
    });
    await world.clock.advance(FOUR_HOURS + 300);
    expect(await world.ended()).toBe("rotated");
    const second = world.currentToken();
    expect(await world.ended(2 * FOUR_HOURS)).toBe("rotated");
    expect(world.livingTokens()).toEqual([world.currentToken()]);
    expect(world.currentToken()).not.toBe(second);
    expect(world.consumer.refusals).toEqual([]);
  });

  it("once, though it is asked for twice", async () => {
    const world = new Rotating();
    await Promise.all([world.start(), world.start()]);
    await world.start();
    expect(await world.ended()).toBe("rotated");
    await world.clock.advance(600);
    expect(world.livingTokens()).toHaveLength(1);
    expect(world.world.told()).toHaveLength(1);
  });

  it("and nobody writes its value anywhere", async () => {
    const world = new Rotating();
    await world.start();
    await world.ended();
    const written = world.written();
    expect(written).toContain("made a new one");
    for (const token of [world.firstToken, world.currentToken()]) {
      expect(written).not.toContain(token);
    }
  });
});

describe("a consumer that never reads the new token", () => {
  it("keeps the one it has, which stays current; the new one is dead, and an alarm says why", async () => {
    const world = new Rotating({ rereadSeconds: Number.POSITIVE_INFINITY });
    await world.start();
    expect(await world.ended()).toBe("taken-back");
    expect(world.currentToken()).toBe(world.firstToken);
    expect(world.livingTokens()).toEqual([world.firstToken]);
    expect(world.consumer.refusals).toEqual([]);
    expect(world.metric(METRICS.rotationTakenBack)).toBe(1);
    expect(world.world.told()).toMatchObject([
      { outcome: "taken-back", why: "its consumer has not renewed the new one within 900 s" },
    ]);
  });
});

describe("somebody else who still renews the old token", () => {
  it("is not cut off: the old one lives until nobody renews it any more", async () => {
    const world = new Rotating();
    const other = world.anotherConsumer();
    await world.start();
    await world.clock.advance(4 * 3_600);
    expect(await world.record()).toMatchObject({ waiting: { step: "grace" } });
    expect(world.metric(METRICS.rotationStillUsed)).toBeGreaterThan(0);
    expect(other.refusals).toEqual([]);
    other.stop();
    expect(await world.ended()).toBe("rotated");
    expect(world.livingTokens()).toEqual([world.currentToken()]);
  });
});

describe("a new token that does not work", () => {
  it("is taken back before any consumer gets it", async () => {
    const world = new Rotating({ rotation: { testPath: "secret/data/other" } });
    const before = world.currentToken();
    await world.start();
    await world.clock.advance(30);
    expect(world.currentToken()).toBe(before);
    expect(await world.ended()).toBe("taken-back");
    expect(world.livingTokens()).toEqual([before]);
    expect(world.consumer.refusals).toEqual([]);
    expect(world.history().join()).toMatch(/it does not work: .*secret\/data\/other/);
  });

  it("such as one that would die with the login that made it", async () => {
    const world = new Rotating();
    world.vault.addTokenRole("nomad-server", {
      periodSeconds: 3_600,
      allowedPolicies: ["user"],
    });
    await world.start();
    expect(await world.ended()).toBe("taken-back");
    expect(world.history().join()).toMatch(/no orphan.*set orphan to true/);
    expect(world.livingTokens()).toEqual([world.firstToken]);
  });
});

describe("the expiry watch", () => {
  it("warns when less than a third of a life is left and nothing is under way", async () => {
    const world = new Rotating({ rotation: { startedBy: "secrets-manager" } });
    await world.clock.advance(600);
    expect(world.metric(METRICS.rotationExpiring)).toBe(0);
    world.consumer.stop();
    await world.clock.advance(3_600 * 0.6);
    expect(world.metric(METRICS.rotationExpiring)).toBe(0);
    await world.clock.advance(3_600 * 0.2);
    expect(world.metric(METRICS.rotationExpiring)).toBeGreaterThan(0);
    expect(world.world.told()[0]).toMatchObject({ outcome: "expiring" });
  });

  it("warns of a secret that holds what Vault does not know", async () => {
    const world = new Rotating({ rotation: { startedBy: "secrets-manager" } });
    world.consumer.stop();
    world.aws.secrets.put(SECRET, "s.of-another-vault");
    await world.clock.advance(400);
    expect(world.metric(METRICS.rotationExpiring)).toBe(1);
    expect(world.world.told()[0]?.why).toMatch(/does not know what the secret holds/);
  });
});
