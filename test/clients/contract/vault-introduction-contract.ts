import { beforeEach, describe, expect, test } from "vitest";
import { NodeId } from "../../../lambdas/contracts/ids.ts";
import { searchVault } from "../../helpers/real-openbao/search.ts";
import { logIn, logInAsNode, unwrap } from "./vault-node.ts";
import { call, type VaultServer, vaultOf } from "./vault-server.ts";

let made = 0;
/** Another for each test, since they share the server. */
let node: NodeId;
const OTHER = NodeId.parse("i-00000000000abc001");

export function vaultIntroductionContract(server: () => VaultServer): void {
  beforeEach(() => {
    node = NodeId.parse(`i-0000000000000${String(++made).padStart(4, "0")}`);
  });

  describe("a wrapped secret id", () => {
    test("says where it comes from, and is unwrapped once", async () => {
      const { vault } = vaultOf(server());
      const wrapped = await vault.wrapSecretId(node, 600);
      expect(wrapped).toMatchObject({
        mount: "approle",
        creationPath: "auth/approle/role/drover-node/custom-secret-id",
      });
      const body = { token: wrapped.wrappingToken };
      const looked = await call(server(), "POST", "sys/wrapping/lookup", { body });
      expect(looked.body.data).toMatchObject({
        creation_path: wrapped.creationPath,
        creation_ttl: 600,
      });
      expect((await unwrap(server(), wrapped.wrappingToken)).body.data).toMatchObject({
        secret_id_num_uses: 1,
        secret_id_ttl: 600,
      });
      expect(await unwrap(server(), wrapped.wrappingToken)).toEqual({
        status: 400,
        body: { errors: ["wrapping token is not valid or does not exist"] },
      });
      expect((await call(server(), "POST", "sys/wrapping/lookup", { body })).status).toBe(400);
    });

    test("is good for one login, whose token says whose it is", async () => {
      const wrapped = await vaultOf(server()).vault.wrapSecretId(node, 600);
      const { secret_id } = (await unwrap(server(), wrapped.wrappingToken)).body.data;
      const first = await logIn(server(), wrapped, secret_id);
      expect(first.body.auth.metadata).toEqual({
        instance_id: node,
        drover: "contract",
        role_name: "drover-node",
      });
      expect(await logIn(server(), wrapped, secret_id)).toEqual({
        status: 400,
        body: { errors: ["invalid role or secret ID"] },
      });
    });

    test("is all that Drover's policy lets out: without a wrapping it is denied", async () => {
      const token = await vaultOf(server()).session.token();
      const body = { secret_id: "chosen", num_uses: 1 };
      for (const path of ["secret-id", "custom-secret-id"]) {
        const full = `auth/approle/role/drover-node/${path}`;
        expect((await call(server(), "POST", full, { token, body })).status, path).toBe(403);
      }
    });

    test("is another one for each call", async () => {
      const { vault } = vaultOf(server());
      const both = [await vault.wrapSecretId(node, 600), await vault.wrapSecretId(node, 600)];
      const secrets = both.map(({ wrappingToken }) => unwrap(server(), wrappingToken));
      const [one, other] = (await Promise.all(secrets)).map(({ body }) => body.data.secret_id);
      expect(one).toMatch(/^[0-9a-f]{64}$/);
      expect(one).not.toBe(other);
    });

    test("that can't be handed on is destroyed, and no other of the node", async () => {
      const { vault } = vaultOf(server());
      const refused = await vault.wrapSecretId(node, 600);
      const handedOn = await vault.wrapSecretId(node, 600);
      await refused.destroy();
      expect((await searchVault(server(), node)).secretIds).toHaveLength(1);
      // The wrapping is still there, but what it holds opens nothing.
      const late = (await unwrap(server(), refused.wrappingToken)).body.data.secret_id;
      expect((await logIn(server(), refused, late)).status).toBe(400);
      await logInAsNode(server(), handedOn);
    });

    test("is destroyed without a word when it is gone or used already", async () => {
      const { vault } = vaultOf(server());
      const gone = await vault.wrapSecretId(node, 600);
      await gone.destroy();
      await gone.destroy();
      const used = await vault.wrapSecretId(node, 600);
      const { accessor } = await logInAsNode(server(), used);
      await used.destroy();
      // The token it was exchanged for lives on.
      expect(await searchVault(server(), node)).toEqual({ secretIds: [], tokens: [accessor] });
    });
  });

  describe("a secret id that is chosen", () => {
    const role = "auth/approle/role/drover-node";
    const choose = (secret_id: string, path = `${role}/custom-secret-id`) => {
      const body = { secret_id, num_uses: 1, ttl: "60s" };
      return call(server(), "POST", path, { token: server().rootToken, body });
    };

    test("is there once, and may be chosen again when it is gone", async () => {
      const { body } = await choose("chosen-1");
      expect(body.data).toMatchObject({ secret_id: "chosen-1", secret_id_num_uses: 1 });
      expect(await choose("chosen-1")).toEqual({
        status: 500,
        body: {
          errors: [
            "1 error occurred:\n\t* failed to store secret_id: SecretID is already registered\n\n",
          ],
        },
      });
      const destroyed = await choose("chosen-1", `${role}/secret-id/destroy`);
      expect(destroyed).toEqual({ status: 204, body: undefined });
      expect((await choose("chosen-1")).status).toBe(200);
    });

    test.each([
      ["nothing chosen", `${role}/custom-secret-id`, "", 400, "missing secret_id"],
      ["nothing to destroy", `${role}/secret-id/destroy`, "", 400, "missing secret_id"],
      ["a role nobody made", "auth/approle/role/no/custom-secret-id", "a", 404, "does not exist"],
      ["its destroying", "auth/approle/role/no/secret-id/destroy", "a", 500, "does not exist"],
    ])("is refused with %s", async (_, path, secretId, status, why) => {
      const answer = await choose(secretId, path);
      expect(answer.status).toBe(status);
      expect(answer.body.errors[0]).toContain(why);
    });
  });

  describe("destroying a node's secret ids", () => {
    test("leaves those of others, and counts", async () => {
      const { vault } = vaultOf(server());
      const mine = await vault.wrapSecretId(node, 600);
      const unwrapped = await vault.wrapSecretId(node, 600);
      const others = await vault.wrapSecretId(OTHER, 600);
      const { secret_id } = (await unwrap(server(), unwrapped.wrappingToken)).body.data;
      expect(await vault.destroySecretIds(node)).toBe(2);
      expect(await vault.destroySecretIds(node)).toBe(0);
      expect((await logIn(server(), unwrapped, secret_id)).status).toBe(400);
      // The wrapping is still there, but what it holds opens nothing.
      const late = (await unwrap(server(), mine.wrappingToken)).body.data.secret_id;
      expect((await logIn(server(), mine, late)).status).toBe(400);
      await logInAsNode(server(), others);
      expect(await vault.destroySecretIds(OTHER)).toBe(0);
    });

    test("finds those that another function made", async () => {
      await vaultOf(server()).vault.wrapSecretId(node, 600);
      expect(await vaultOf(server()).vault.destroySecretIds(node)).toBe(1);
    });

    test("goes on over one that has expired but is listed", async () => {
      await server().makeShortSecretId(node);
      await server().wait(2);
      const { vault } = vaultOf(server());
      await vault.wrapSecretId(node, 600);
      expect(await vault.destroySecretIds(node)).toBe(1);
    });
  });

  test("a search finds what there is of a node, and in the end nothing", async () => {
    const { vault } = vaultOf(server());
    const wrapped = await vault.wrapSecretId(node, 600);
    const unused = await vault.wrapSecretId(node, 600);
    expect((await searchVault(server(), node)).secretIds).toHaveLength(2);
    const { accessor } = await logInAsNode(server(), wrapped);
    const found = await searchVault(server(), node);
    expect(found).toEqual({ secretIds: [expect.any(String)], tokens: [accessor] });
    expect(await vault.destroySecretIds(node)).toBe(1);
    expect(await vault.revokeToken(node, accessor)).toBe("done");
    expect(await searchVault(server(), node)).toEqual({ secretIds: [], tokens: [] });
    const late = (await unwrap(server(), unused.wrappingToken)).body.data.secret_id;
    expect((await logIn(server(), unused, late)).status).toBe(400);
  });

  describe("revoking a node's token", () => {
    test("ends it, and only if it is the node's", async () => {
      const { vault } = vaultOf(server());
      const login = await logInAsNode(server(), await vault.wrapSecretId(node, 600));
      const token = login.client_token;
      expect(await vault.revokeToken(OTHER, login.accessor)).toBe("another's");
      expect((await call(server(), "GET", "auth/token/lookup-self", { token })).status).toBe(200);
      expect(await vault.revokeToken(node, login.accessor)).toBe("done");
      expect(await call(server(), "GET", "auth/token/lookup-self", { token })).toEqual({
        status: 403,
        body: { errors: ["permission denied"] },
      });
      expect(await vault.revokeToken(node, login.accessor)).toBeUndefined();
    });

    test("does not touch Drover's own, whatever the accessor", async () => {
      const { vault, session } = vaultOf(server());
      const token = await session.token();
      const { body } = await call(server(), "GET", "auth/token/lookup-self", { token });
      expect(await vault.revokeToken(node, body.data.accessor)).toBe("another's");
    });

    test("says undefined for an accessor nobody knows", async () => {
      expect(await vaultOf(server()).vault.revokeToken(node, "never-was")).toBeUndefined();
    });
  });
}
