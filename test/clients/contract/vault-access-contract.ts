import { describe, expect, test } from "vitest";
import { appRoleLogin } from "../../../lambdas/clients/vault/app-role-login.ts";
import { createEngineToken } from "../../../lambdas/clients/vault/engine-token.ts";
import { jwtLogin } from "../../../lambdas/clients/vault/jwt-login.ts";
import { NodeId } from "../../../lambdas/contracts/ids.ts";
import { RealClock } from "../../../local/clock.ts";
import { signedJwt } from "./vault-jwt.ts";
import { call, type VaultServer, vaultOf } from "./vault-server.ts";

const NODE = NodeId.parse("i-00000000000abc000");
const denied = { name: "PortError", system: "vault", kind: "denied" };
const invalid = { name: "PortError", system: "vault", kind: "invalid" };

function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}

export function vaultAccessContract(server: () => VaultServer): void {
  describe("access", () => {
    test("without the policy every call is denied, with the rule that is missing", async () => {
      const { vault } = vaultOf(server(), "nothing");
      const path = "auth/approle/role/drover-node";
      const missing = (rule: string, capability: string) => ({
        ...denied,
        message: expect.stringContaining(`path "${rule}" { capabilities = ["${capability}"] }`),
      });
      await expect(vault.wrapSecretId(NODE, 600)).rejects.toMatchObject(
        missing(`${path}/role-id`, "read"),
      );
      await expect(vault.destroySecretIds(NODE)).rejects.toMatchObject(
        missing(`${path}/secret-id/`, "list"),
      );
      // Not "there is no such token": nobody was allowed to look.
      await expect(vault.revokeToken(NODE, "never-was")).rejects.toMatchObject(
        missing("auth/token/lookup-accessor", "update"),
      );
    });

    test("all accessors are listed for sudo alone", async () => {
      const token = await vaultOf(server(), "everything").session.token();
      const path = "auth/token/accessors?list=true";
      expect((await call(server(), "GET", path, { token })).status).toBe(403);
      const root = { token: server().rootToken };
      expect((await call(server(), "GET", path, root)).status).toBe(200);
    });

    test("a session whose token was revoked logs in again", async () => {
      const { vault, session } = vaultOf(server());
      const token = await session.token();
      const revoked = await call(server(), "POST", "auth/token/revoke-self", { token });
      expect(revoked.status).toBe(204);
      expect(await vault.revokeToken(NODE, "never-was")).toBeUndefined();
      expect(await session.token()).not.toBe(token);
    });

    test("a login with a wrong secret id, or none, is denied, and says no secret", async () => {
      const credentials = { ...server().users.drover, secretId: "11111111-planted" };
      const login = appRoleLogin({ credentials: async () => credentials });
      const error = await vaultOf(server(), login)
        .session.token()
        .catch((error: unknown) => error);
      expect(error).toMatchObject({
        ...denied,
        message: expect.stringContaining("POST /v1/auth/approle/login"),
      });
      expect(String(error)).not.toContain("11111111-planted");
    });

    test("a role that does not exist is a wrong configuration, and has no secret ids", async () => {
      const { vault } = vaultOf(server(), "everything", { role: "nowhere" });
      await expect(vault.wrapSecretId(NODE, 600)).rejects.toMatchObject({
        ...invalid,
        message: expect.stringContaining("there is no AppRole role nowhere"),
      });
      expect(await vault.destroySecretIds(NODE)).toBe(0);
    });

    test("a mount that does not exist is a wrong configuration", async () => {
      const { vault } = vaultOf(server(), "everything", { mount: "elsewhere" });
      await expect(vault.wrapSecretId(NODE, 600)).rejects.toMatchObject(invalid);
      await expect(vault.destroySecretIds(NODE)).rejects.toMatchObject(invalid);
    });

    test("a secrets engine that is not mounted is a wrong configuration", async () => {
      const { session } = vaultOf(server(), "everything");
      const engine = { mount: "nomad", role: "drover", clock: new RealClock() };
      await expect(createEngineToken(session, engine).token()).rejects.toMatchObject({
        ...invalid,
        message: expect.stringContaining("no handler for route"),
      });
    });
  });

  describe("a JWT login", () => {
    const withJwt = (claims: object) =>
      jwtLogin({
        role: "drover",
        jwt: async () => signedJwt(server().jwtKeys.privateKey, { sub: "drover", ...claims }),
      });

    test("gives a token with the role's policies", async () => {
      const token = await vaultOf(server(), withJwt({ aud: "vault" })).session.token();
      const { body } = await call(server(), "GET", "auth/token/lookup-self", { token });
      expect(body.data).toMatchObject({ policies: ["default", "drover"], path: "auth/jwt/login" });
    });

    test.each([
      ["for another audience", { aud: "another" }],
      ["that has expired", { aud: "vault", exp: secondsFromNow(-90) }],
      ["that is not valid yet", { aud: "vault", iat: secondsFromNow(90) }],
      ["without a time", { aud: "vault", iat: undefined, exp: undefined }],
      ["without a subject", { aud: "vault", sub: undefined }],
    ])("with one %s is denied", async (_, claims) => {
      const { session } = vaultOf(server(), withJwt(claims));
      await expect(session.token()).rejects.toMatchObject(denied);
    });

    test.each([
      ["that expired a moment ago, by another clock", { exp: secondsFromNow(-30) }],
      ["without an end", { exp: undefined }],
    ])("with one %s works", async (_, claims) => {
      const { session } = vaultOf(server(), withJwt({ aud: "vault", ...claims }));
      expect(await session.token()).toMatch(/^s\./);
    });
  });

  test("health needs no token", async () => {
    expect((await call(server(), "GET", "sys/health")).body).toMatchObject({
      initialized: true,
      sealed: false,
      standby: false,
    });
  });

  describe("trouble", () => {
    test("a quota that is used up is throttling", async () => {
      const { vault, session } = vaultOf(server());
      await session.token();
      await server().throttle();
      const throttled = { name: "PortError", system: "vault", kind: "throttled" };
      await expect(vault.revokeToken(NODE, "never-was")).rejects.toMatchObject(throttled);
      await server().endThrottling();
      expect(await vault.revokeToken(NODE, "never-was")).toBeUndefined();
    });

    test("a sealed server is unavailable", async () => {
      const { vault, session } = vaultOf(server());
      await session.token();
      await server().seal();
      const unavailable = { name: "PortError", system: "vault", kind: "unavailable" };
      await expect(vault.revokeToken(NODE, "never-was")).rejects.toMatchObject(unavailable);
      await expect(vaultOf(server()).session.token()).rejects.toMatchObject(unavailable);
      expect((await call(server(), "GET", "sys/health")).status).toBe(503);
    });
  });
}
