import { describe, expect, test } from "vitest";
import { appRoleLogin } from "../../lambdas/clients/vault/app-role-login.ts";
import { createEngineToken } from "../../lambdas/clients/vault/engine-token.ts";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import { modelVaultSession } from "../../local/vault/port.ts";
import { logins, vaultWorld } from "./vault-world.ts";

const NODE = NodeId.parse("i-00000000000abc000");

describe("a login", () => {
  test("is made once for callers at the same time", async () => {
    const { model, session, vault } = vaultWorld();
    expect(logins(model)).toBe(0);
    const tokens = await Promise.all([session.token(), session.token(), session.token()]);
    await Promise.all([vault.destroySecretIds(NODE), vault.revokeToken(NODE, "never-was")]);
    expect(new Set(tokens).size).toBe(1);
    expect(logins(model)).toBe(1);
  });

  test("serves until 80 % of the token's life are over", async () => {
    const { clock, session } = vaultWorld({ ttlSeconds: 1_000 });
    const first = await session.token();
    await clock.advance(799);
    expect(await session.token()).toBe(first);
    await clock.advance(1);
    expect(await session.token()).not.toBe(first);
  });

  test("that fails is not remembered", async () => {
    const { model, session } = vaultWorld();
    model.faults.next("away");
    await expect(session.token()).rejects.toMatchObject({ system: "vault", kind: "unavailable" });
    expect(await session.token()).toMatch(/^s\./);
  });

  test("is repeated once with fresh credentials, in case they were rotated", async () => {
    const { model, credentials } = vaultWorld();
    const login = appRoleLogin({
      credentials: async () => ({ ...credentials, secretId: "from-before-the-rotation" }),
      freshCredentials: async () => credentials,
    });
    expect(await modelVaultSession(model, login).token()).toMatch(/^s\./);
  });

  test("with fresh credentials that are refused too is denied", async () => {
    const { model, credentials } = vaultWorld();
    const login = appRoleLogin({
      credentials: async () => ({ ...credentials, secretId: "from-before-the-rotation" }),
      freshCredentials: async () => ({ ...credentials, secretId: "wrong-too" }),
    });
    await expect(modelVaultSession(model, login).token()).rejects.toMatchObject({ kind: "denied" });
  });
});

describe("a 403", () => {
  test("on a token from before leads to one more login, and the call is done", async () => {
    const { model, session, vault } = vaultWorld();
    const token = await session.token();
    const [old] = model.liveTokens().filter(({ id }) => id === token);
    if (old) model.tokens.revoke(old);
    await vault.wrapSecretId(NODE, 600);
    expect(model.ofNode(NODE).secretIds).toHaveLength(1);
    expect(logins(model)).toBe(1);
  });

  test("that stays is denied after one more login", async () => {
    const { model, session, vault } = vaultWorld();
    await session.token();
    model.putPolicy("drover", `path "elsewhere" { capabilities = ["read"] }`);
    await expect(vault.destroySecretIds(NODE)).rejects.toMatchObject({ kind: "denied" });
    expect(logins(model)).toBe(2);
  });
});

describe("a secrets engine's token", () => {
  function withEngine(options: { ttlSeconds: number; engineSeconds: number }) {
    const world = vaultWorld({ ttlSeconds: options.ttlSeconds });
    const alive = new Set<string>();
    let made = 0;
    world.model.mountEngine("nomad", {
      ttlSeconds: options.engineSeconds,
      issue(role) {
        if (role !== "drover") return undefined;
        const secret_id = `nomad-${++made}`;
        alive.add(secret_id);
        const data = { secret_id, accessor_id: `accessor-${made}` };
        return { data, revoke: () => void alive.delete(secret_id) };
      },
    });
    const { clock, session } = world;
    const engine = createEngineToken(session, { mount: "nomad", role: "drover", clock });
    return { ...world, alive, engine };
  }

  test("serves until 80 % of its lease are over", async () => {
    const { clock, engine } = withEngine({ ttlSeconds: 10_000, engineSeconds: 100 });
    expect(await Promise.all([engine.token(), engine.token()])).toEqual(["nomad-1", "nomad-1"]);
    await clock.advance(79);
    expect(await engine.token()).toBe("nomad-1");
    await clock.advance(1);
    expect(await engine.token()).toBe("nomad-2");
  });

  test("is fetched anew before it dies with the login that leased it", async () => {
    const { clock, engine, alive } = withEngine({ ttlSeconds: 1_000, engineSeconds: 100_000 });
    for (let passed = 0; passed < 3_000; passed += 50) {
      expect(alive).toContain(await engine.token());
      await clock.advance(50);
    }
  });

  test("is another one after a refusal", async () => {
    const { engine } = withEngine({ ttlSeconds: 1_000, engineSeconds: 100 });
    const first = await engine.token();
    expect(await engine.refresh()).not.toBe(first);
  });

  test("of Consul is read by its own name", async () => {
    const { model, session, clock } = vaultWorld();
    const data = { token: "consul-1", accessor: "accessor-1" };
    const issue = () => ({ data, revoke: () => undefined });
    model.mountEngine("consul", { ttlSeconds: 100, issue });
    const engine = createEngineToken(session, { mount: "consul", role: "drover", clock });
    expect(await engine.token()).toBe("consul-1");
  });

  test("of a role that does not exist is a wrong configuration", async () => {
    const { model, session, clock } = vaultWorld();
    model.mountEngine("nomad", { ttlSeconds: 100, issue: () => undefined });
    const engine = createEngineToken(session, { mount: "nomad", role: "drover", clock });
    await expect(engine.token()).rejects.toMatchObject({ system: "vault", kind: "invalid" });
  });
});
