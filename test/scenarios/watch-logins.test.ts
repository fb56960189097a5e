import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { DROVER_POLICY } from "../../local/vault/drover-setup.ts";
import { Watching } from "../helpers/watching.ts";

const DAY = 86_400;
const SECRET = "drover/vault-login";
const SECRET_ID = "vault.login.secret";
const JWT = "vault.login.jwtSecret";
const ADDRESS = "http://127.0.0.1:8200";

/** Drover logs in by AppRole, with a secret id that lives for so long. */
function byAppRole(ttlSeconds: number) {
  const nomad = { address: "http://127.0.0.1:4646" };
  const login = { method: "approle", secret: SECRET } as const;
  const world = new Watching({ nomad, vault: { address: ADDRESS, login } });
  const made = world.newLogin(ttlSeconds);
  world.aws.secrets.create(SECRET, made.text);
  return { world, ...made };
}

describe("the secret id of a login that nobody rotates", () => {
  it("is told once less than a third of its life is left", async () => {
    const { world, secretId } = byAppRole(DAY);
    await world.hours(15.9);
    expect(world.seen(SECRET_ID)).toMatchObject({ kind: "vault-secret-id", state: "lives" });
    await world.hours(0.2);
    expect(world.told(SECRET_ID)).toBe(
      `the secret id in secret ${SECRET} (${SECRET_ID}) ends at 2026-01-02T00:00:00.000Z, and nothing rotates ` +
        "it: put a new one into the secret, or have it rotated: add it to rotate.of",
    );
    expect(world.written()).not.toContain(secretId);
  });

  it("is told when it has run out, or was destroyed", async () => {
    const { world } = byAppRole(DAY);
    await world.hours(24.1);
    expect(world.seen(SECRET_ID)).toMatchObject({ state: "dead" });
    const next = world.newLogin(0);
    world.aws.secrets.put(SECRET, next.text);
    await world.hours(0.1);
    expect(world.seen(SECRET_ID)).toMatchObject({ state: "lives" });
    world.vault.appRoles.get("approle")?.role("drover")?.secretIds.destroy(next.accessor);
    await world.hours(0.1);
    expect(world.told(SECRET_ID)).toMatch(/^its server does not know the secret id in secret/);
    expect(world.metric(METRICS.rotationUnwatched)).toBe(0);
  });

  it("that is dead does not lock its role for those who have a good one", async () => {
    const { world, accessor } = byAppRole(DAY);
    await world.hours(1);
    const secretIds = world.vault.appRoles.get("approle")?.role("drover")?.secretIds;
    secretIds?.destroy(accessor);
    for (let hour = 0; hour < 5; hour++) {
      await world.hours(1);
      expect(world.seen(SECRET_ID)).toMatchObject({ state: "dead" });
      expect(world.vault.appRoles.get("approle")?.role("drover")?.lockout.isLocked).toBe(false);
    }
    world.aws.secrets.put(SECRET, world.newLogin(DAY).text);
    await world.hours(0.1);
    expect(world.seen(SECRET_ID)).toMatchObject({ state: "lives" });
    expect(world.metric(METRICS.rotationUnwatched)).toBe(0);
  });

  it("that never ends is nothing to tell", async () => {
    const { world } = byAppRole(0);
    await world.hours(100);
    expect(world.world.told()).toEqual([]);
    expect(world.seen(SECRET_ID)).toMatchObject({ state: "lives" });
  });

  it("leaves no token of the logins that it takes to look at it", async () => {
    const { world } = byAppRole(DAY);
    const before = world.vault.liveTokens().length;
    await world.hours(2);
    expect(world.seen(SECRET_ID)).toMatchObject({ state: "lives" });
    expect(world.vault.liveTokens().length).toBe(before);
  });

  it("can't be seen without the line in the policy: what to allow is said, and no token is left", async () => {
    const { world, secretId } = byAppRole(DAY);
    world.vault.putPolicy(
      "drover",
      DROVER_POLICY.replace("role/drover/secret-id/lookup", "role/none"),
    );
    const before = world.vault.liveTokens().length;
    await world.hours(23);
    expect(world.world.told()).toEqual([]);
    expect(world.metric(METRICS.rotationUnwatched)).toBe(23 * 12);
    expect(world.seen(SECRET_ID)).toMatchObject({ state: "unseen" });
    const why = world.seen(SECRET_ID)?.why ?? "";
    expect(why).toMatch(
      /^can't see how long the secret id in secret .*\(vault.login.secret\) lives: /,
    );
    expect(why).toContain(
      'path "auth/approle/role/drover/secret-id/lookup" { capabilities = ["update"] }',
    );
    expect(world.vault.liveTokens().length).toBe(before);
    // That it is dead needs no permission.
    await world.hours(2);
    expect(world.seen(SECRET_ID)).toMatchObject({ state: "dead" });
    expect(world.written()).not.toContain(secretId);
  });

  it.each(["sealed", "throttled", "denied"] as const)(
    "is not dead where Vault is %s",
    async (fault) => {
      const { world } = byAppRole(DAY);
      world.vault.faults.set(fault);
      await world.hours(0.1);
      expect(world.seen(SECRET_ID)).toMatchObject({ state: "unseen" });
      expect(world.world.told()).toEqual([]);
    },
  );
});

/** A JWT that nobody checks. */
function jwtOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.planted`;
}

function byJwt(text: string) {
  const nomad = { address: "http://127.0.0.1:4646" };
  const login = { method: "jwt", role: "drover", jwtSecret: "jwt" } as const;
  const world = new Watching({ nomad, vault: { address: ADDRESS, login } });
  world.aws.secrets.create("jwt", text);
  return world;
}

describe("the JWT of a login", () => {
  const iat = new Date("2026-01-01T00:00:00Z").getTime() / 1_000;

  it("is told by its own claims, with what to do", async () => {
    const world = byJwt(JSON.stringify({ token: jwtOf({ iat, exp: iat + DAY }) }));
    await world.hours(15.9);
    expect(world.world.told()).toEqual([]);
    await world.hours(0.2);
    expect(world.told(JWT)).toBe(
      `the JWT in secret jwt (${JWT}) ends at 2026-01-02T00:00:00.000Z, and nothing rotates it: put a new one ` +
        "into the secret",
    );
    await world.hours(8);
    expect(world.told(JWT)).toMatch(/has run out at 2026-01-02T00:00:00.000Z: put a new one/);
    expect(world.seen(JWT)).toMatchObject({ state: "dead" });
    expect(world.written()).not.toContain("planted");
  });

  it.each([
    ["lives on without an end", jwtOf({ iat }), "lives"],
    [
      "begins at nbf where it does not say when it was made",
      jwtOf({ nbf: iat - DAY, exp: iat + DAY / 4 }),
      "expiring",
    ],
    ["can't be seen where it is none", "planted", "unseen"],
    ["can't be seen where its claims are no object", "a.WzFd.planted", "unseen"],
  ])("%s", async (_what, text, state) => {
    const world = byJwt(text);
    await world.hours(0.1);
    expect(world.seen(JWT)).toMatchObject({ state });
    expect(world.written()).not.toContain("planted");
  });
});
