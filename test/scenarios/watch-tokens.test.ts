import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { plusSeconds } from "../../local/clock.ts";
import { Watching } from "../helpers/watching.ts";

const DAY = 86_400;
const NOMAD = "nomad.tokenSecret";
const SECRET = "drover/nomad-token";
const UNKNOWN = "99999999-9999-4999-8999-999999999999";

/** A Nomad token for a day, in the secret that Drover reads. */
function withToken(token?: string) {
  const world = new Watching({});
  const first = token ?? world.nomad.createToken({ node: "read", ttlSeconds: DAY });
  world.aws.secrets.create(SECRET, first);
  return { world, first };
}

describe("a Nomad token that nobody rotates", () => {
  it("is told once less than a third of its life is left, with the secret and what to do", async () => {
    const { world, first } = withToken();
    await world.hours(15.9);
    expect(world.seen(NOMAD)).toMatchObject({
      kind: "nomad-token",
      secret: SECRET,
      state: "lives",
    });
    expect(world.told(NOMAD)).toBeUndefined();
    await world.hours(0.2);
    const end = "2026-01-02T00:00:00.000Z";
    const why =
      `the token in secret ${SECRET} (${NOMAD}) ends at ${end}, and nothing rotates it: ` +
      "put a new one into the secret, or have it rotated: add it to rotate.of";
    expect(world.told(NOMAD)).toBe(why);
    expect(world.seen(NOMAD)).toMatchObject({
      state: "expiring",
      why,
      createdAt: new Date("2026-01-01T00:00:00.000Z"),
      expiresAt: new Date(end),
    });
    expect(world.metric(METRICS.rotationExpiring)).toBe(world.world.told().length);
    expect(world.written()).not.toContain(first);
  });

  it("is told again with every look, in every mode, until there is a new one", async () => {
    const { world } = withToken();
    world.world.control.turn("pause");
    await world.hours(17);
    const before = world.world.told().length;
    await world.hours(1);
    expect(world.world.told().length).toBe(before + 12);
    world.aws.secrets.put(SECRET, world.nomad.createToken({ node: "read" }));
    await world.hours(1);
    expect(world.world.told().length).toBe(before + 12);
    expect(world.seen(NOMAD)).toMatchObject({ state: "lives" });
    expect(world.seen(NOMAD)).not.toHaveProperty("expiresAt");
  });

  it("is told when it has run out: Nomad says so with a 500", async () => {
    const { world } = withToken();
    await world.hours(24.1);
    expect(world.told(NOMAD)).toMatch(/^its server does not know the token in secret/);
    expect(world.seen(NOMAD)).toMatchObject({ state: "dead" });
    expect(world.metric(METRICS.rotationUnwatched)).toBe(0);
  });

  it("is told when Nomad does not know it", async () => {
    const { world } = withToken(UNKNOWN);
    await world.hours(0.1);
    expect(world.seen(NOMAD)).toMatchObject({ state: "dead" });
    expect(world.told(NOMAD)).toMatch(/does not know the token in secret drover\/nomad-token/);
  });

  it("that never ends is nothing to tell", async () => {
    const world = new Watching({});
    world.aws.secrets.create(SECRET, world.nomad.createToken({ node: "read" }));
    await world.hours(100);
    expect(world.world.told()).toEqual([]);
    expect(world.seen(NOMAD)).toMatchObject({ state: "lives" });
  });
});

describe("what can't be asked", () => {
  it("is no death: each look that sees nothing counts once, and says what and why", async () => {
    const { world } = withToken();
    world.nomad.faults.set("away");
    await world.hours(1);
    expect(world.metric(METRICS.rotationUnwatched)).toBe(12);
    expect(world.world.told()).toEqual([]);
    expect(world.seen(NOMAD)).toMatchObject({
      state: "unseen",
      why: expect.stringMatching(
        /^can't see how long the token in secret drover\/nomad-token \(nomad.tokenSecret\) lives: GET \/v1\/acl\/token\/self: no answer/,
      ),
    });
    world.nomad.faults.clear();
    await world.hours(0.1);
    expect(world.seen(NOMAD)).toMatchObject({ state: "lives" });
  });

  it("does not keep the others from being looked at", async () => {
    const world = new Watching({
      consul: { address: "http://127.0.0.1:8500", tokenSecret: "consul" },
    });
    world.aws.secrets.create(
      "consul",
      world.consul.createToken({ acl: "read", expiresAt: plusSeconds(world.clock.now(), 3_600) }),
    );
    await world.hours(0.9);
    expect(world.seen(NOMAD)?.why).toMatch(/there is no secret drover\/nomad-token/);
    expect(world.told("consul.tokenSecret")).toMatch(/^the token in secret consul .* ends at/);
    await world.hours(0.2);
    expect(world.seen("consul.tokenSecret")).toMatchObject({ state: "dead" });
    expect(world.metric(METRICS.rotationUnwatched)).toBe(13);
  });

  it("may be a secret that holds something else", async () => {
    const { world } = withToken("planted-something");
    await world.hours(0.1);
    expect(world.seen(NOMAD)).toMatchObject({ state: "unseen" });
    expect(world.seen(NOMAD)?.why).toMatch(/no ACL token's secret id/);
    expect(world.written()).not.toContain("planted");
  });
});

describe("what is named more than once", () => {
  it("is told once, by all its names", async () => {
    const world = new Watching({ rotate: { nomad: { tokenSecret: SECRET } } });
    world.aws.secrets.create(SECRET, UNKNOWN);
    await world.hours(0.1);
    expect(world.world.told()).toMatchObject([{ name: NOMAD, outcome: "expiring" }]);
    expect(world.told(NOMAD)).toContain("(nomad.tokenSecret, rotate.nomad.tokenSecret)");
  });

  it("is told once where a rotation that does not begin is to renew it", async () => {
    const own = { kind: "nomad-token", name: "own", secret: SECRET } as const;
    const world = new Watching({ rotate: { of: [own] } });
    world.aws.secrets.create(SECRET, world.nomad.createToken({ node: "read", ttlSeconds: DAY }));
    await world.hours(15.9);
    expect(world.world.told()).toEqual([]);
    await world.hours(1);
    const names = world.world.told().map(({ name }) => name);
    expect(names).toEqual(Array.from({ length: names.length }, () => "own"));
    expect(names.length).toBeGreaterThan(5);
    expect(names.length).toBeLessThan(13);
    expect(world.world.watch.latest()?.credentials).toEqual([]);
  });
});
