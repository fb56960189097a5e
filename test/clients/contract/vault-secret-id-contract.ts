import { describe, expect, test } from "vitest";
import type { Value } from "../../../lambdas/domain/rotate/kind.ts";
import { ROTATED_APP_ROLE } from "../../../local/vault/rotation-setup.ts";
import { asRoot, newAttempt, secretIdKind } from "./vault-rotation.ts";
import { call, type VaultServer } from "./vault-server.ts";

const invalid = { name: "PortError", system: "vault", kind: "invalid" };
const denied = { name: "PortError", system: "vault", kind: "denied" };

/** What the rotation of secret ids relies on. */
export function vaultSecretIdRotationContract(server: () => VaultServer): void {
  const choose = async (kind = secretIdKind(server()), attempt = newAttempt()) =>
    (await kind.choose?.(attempt)) ?? {};
  const make = async (kind = secretIdKind(server()), attempt = newAttempt()) =>
    kind.mint(attempt, {}, await choose(kind, attempt));
  const logIn = ({ roleId, secretId }: Value) => {
    const body = { role_id: roleId, secret_id: secretId };
    return call(server(), "POST", "auth/approle/login", { body });
  };
  const tokens = async (): Promise<string[]> =>
    (await asRoot(server(), "GET", "auth/token/accessors?list=true")).body.data.keys;

  describe("a secret id that is rotated", () => {
    test("is chosen first, opens nothing until it is minted, and is minted once", async () => {
      const kind = secretIdKind(server());
      const attempt = newAttempt();
      const chosen = await choose(kind, attempt);
      expect(chosen).toEqual({
        roleId: expect.any(String),
        secretId: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(await kind.identify(chosen)).toBeUndefined();
      expect((await logIn(chosen)).status).toBe(400);
      const minted = await kind.mint(attempt, {}, chosen);
      expect(minted.value).toEqual({ ...chosen, accessor: minted.accessor });
      expect(await kind.mint(attempt, {}, chosen)).toEqual(minted);
      expect(await kind.madeFor(attempt)).toEqual([minted.accessor]);
      expect(await kind.madeFor()).toContain(minted.accessor);
      expect((await logIn(chosen)).status).toBe(200);
    });

    test("lives beside others, and is known by its value or its accessor", async () => {
      const kind = secretIdKind(server());
      const all = [await make(kind), await make(kind), await make(kind)];
      for (const { value, accessor, createdAt } of all) {
        const { roleId = "", secretId = "" } = value;
        const standing = { accessor, createdAt };
        expect(await kind.identify({ roleId, secretId })).toEqual(standing);
        expect(await kind.lookUp(accessor)).toEqual(standing);
        expect((await logIn(value)).status).toBe(200);
      }
    });

    test("says what it was made for", async () => {
      const attempt = newAttempt();
      const { accessor, value } = await make(secretIdKind(server()), attempt);
      const metadata = {
        drover: "contract",
        drover_rotation: "backup-login",
        drover_attempt: attempt,
      };
      const path = `auth/approle/role/${ROTATED_APP_ROLE}/secret-id-accessor/lookup`;
      const looked = await asRoot(server(), "POST", path, { secret_id_accessor: accessor });
      expect(looked.body.data).toMatchObject({ metadata, secret_id_num_uses: 0 });
      // The tokens of its users say so too.
      expect((await logIn(value)).body.auth.metadata).toEqual({
        ...metadata,
        role_name: ROTATED_APP_ROLE,
      });
      expect(await secretIdKind(server()).madeFor(newAttempt())).toEqual([]);
    });

    test("is tested by a login that leaves no token", async () => {
      const kind = secretIdKind(server());
      const { value } = await make(kind);
      const before = await tokens();
      expect(await kind.test(value)).toEqual({ works: true });
      expect((await tokens()).toSorted()).toEqual(before.toSorted());
      const other = { ...value, roleId: "another" };
      const trial = await kind.test(other);
      expect(trial).toEqual({
        works: false,
        why: expect.stringContaining("invalid role or secret"),
      });
      expect(JSON.stringify(trial)).not.toContain(value.secretId);
    });

    test("has what a test left that broke off ended, and no login of another one", async () => {
      const kind = secretIdKind(server());
      const [attempt, another] = [newAttempt(), newAttempt()];
      const [tested, used] = [await make(kind, attempt), await make(kind, another)];
      const left = (await logIn(tested.value)).body.auth.accessor;
      const kept = (await logIn(used.value)).body.auth.accessor;
      expect(await tokens()).toEqual(expect.arrayContaining([left, kept]));
      await kind.endTests?.(attempt);
      const living = await tokens();
      expect(living).not.toContain(left);
      expect(living).toContain(kept);
      expect(await kind.lookUp(tested.accessor)).toMatchObject({ accessor: tested.accessor });
    });

    test("that is for a number of logins fails its test, which uses none up", async () => {
      await server().addAppRole("limited", 5);
      const kind = secretIdKind(server(), { role: "limited", who: "everything" });
      const { value, accessor } = await make(kind);
      expect(await kind.test(value)).toEqual({
        works: false,
        why: expect.stringMatching(/^auth\/approle\/role\/limited: .*set secret_id_num_uses to 0$/),
      });
      const path = "auth/approle/role/limited/secret-id-accessor/lookup";
      const looked = await asRoot(server(), "POST", path, { secret_id_accessor: accessor });
      expect(looked.body.data.secret_id_num_uses).toBe(5);
    });

    test("ends when it is destroyed, alone, and what was logged in with it lives on", async () => {
      const kind = secretIdKind(server());
      const [old, current] = [await make(kind), await make(kind)];
      const token = (await logIn(old.value)).body.auth.client_token;
      await kind.revoke(old.accessor);
      await kind.revoke(old.accessor);
      expect(await kind.lookUp(old.accessor)).toBeUndefined();
      expect(await kind.identify(old.value)).toBeUndefined();
      expect((await logIn(old.value)).status).toBe(400);
      expect((await logIn(current.value)).status).toBe(200);
      expect((await call(server(), "GET", "auth/token/lookup-self", { token })).status).toBe(200);
      expect(await kind.test(old.value)).toMatchObject({ works: false });
    });

    test("lives as long as it is told to", async () => {
      const kind = secretIdKind(server(), { ttlSeconds: 600 });
      const { createdAt, expiresAt, lifeSeconds } = await make(kind);
      expect(lifeSeconds).toBe(600);
      expect((expiresAt?.getTime() ?? 0) - (createdAt?.getTime() ?? 0)).toBe(600_000);
    });

    test("is dead when it has expired, though it may be listed still", async () => {
      const kind = secretIdKind(server());
      const { roleId = "" } = await choose(kind);
      const value = { roleId, secretId: `brief-${newAttempt()}` };
      const path = `auth/approle/role/${ROTATED_APP_ROLE}/custom-secret-id`;
      const body = { secret_id: value.secretId, ttl: "1s" };
      const { secret_id_accessor } = (await asRoot(server(), "POST", path, body)).body.data;
      await server().wait(2);
      expect(await kind.identify(value)).toBeUndefined();
      expect(await kind.lookUp(secret_id_accessor)).toBeUndefined();
    });

    test("of another role than the one before is refused", async () => {
      const kind = secretIdKind(server());
      const chosen = await choose(kind);
      const before = { roleId: "another", secretId: "before" };
      await expect(kind.mint(newAttempt(), before, chosen)).rejects.toMatchObject(invalid);
      expect(await kind.identify(chosen)).toBeUndefined();
    });

    test("needs its policy: a lack of it is no death", async () => {
      const kind = secretIdKind(server());
      const { value, accessor } = await make(kind);
      const blind = secretIdKind(server(), { who: "nothing" });
      await expect(choose(blind)).rejects.toMatchObject(denied);
      await expect(blind.mint(newAttempt(), {}, value)).rejects.toMatchObject(denied);
      await expect(blind.identify(value)).rejects.toMatchObject(denied);
      await expect(blind.lookUp(accessor)).rejects.toMatchObject(denied);
      await expect(blind.madeFor(newAttempt())).rejects.toMatchObject(denied);
      await expect(blind.revoke(accessor)).rejects.toMatchObject(denied);
      expect(await kind.lookUp(accessor)).toMatchObject({ accessor });
    });

    test("needs a role that is there, and a value with both fields", async () => {
      const nowhere = secretIdKind(server(), { role: "nowhere", who: "everything" });
      await expect(choose(nowhere)).rejects.toMatchObject({
        ...invalid,
        message: expect.stringContaining("there is no AppRole role nowhere under approle"),
      });
      const kind = secretIdKind(server());
      await expect(kind.identify({ token: "plain" })).rejects.toMatchObject({
        ...invalid,
        message: expect.not.stringContaining("plain"),
      });
    });
  });
}
