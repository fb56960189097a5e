import { describe, expect, test } from "vitest";
import { readOwnSecretId } from "../../../lambdas/clients/vault/own-secret-id.ts";
import { asRoot, newAttempt, sessionOf } from "./vault-rotation.ts";
import type { VaultServer } from "./vault-server.ts";

const denied = { name: "PortError", system: "vault", kind: "denied" };

/** What the watch over the secret ids that Drover logs in with relies on. */
export function vaultOwnSecretIdContract(server: () => VaultServer): void {
  /** Another secret id of a role. */
  async function make(role: string, body: object = {}) {
    const path = `auth/approle/role/${role}`;
    const secretId = `own-${newAttempt()}`;
    const made = await asRoot(server(), "POST", `${path}/custom-secret-id`, {
      secret_id: secretId,
      ...body,
    });
    const { role_id: roleId } = (await asRoot(server(), "GET", `${path}/role-id`)).body.data;
    return { roleId, secretId, accessor: made.body.data.secret_id_accessor as string };
  }
  const read = (credentials: { roleId: string; secretId: string }) =>
    readOwnSecretId(sessionOf(server()), "approle", credentials);
  const tokens = async (): Promise<string[]> =>
    (await asRoot(server(), "GET", "auth/token/accessors?list=true")).body.data.keys.toSorted();

  describe("a secret id that is asked for with itself", () => {
    test.each(["drover", "rotate"] as const)(
      "says when it ends, by the policy of docs/ for %s, and leaves no token",
      async (who) => {
        const one = await make(who, { ttl: "600s" });
        const before = await tokens();
        const found = await read(one);
        expect(found).toEqual({
          accessor: one.accessor,
          createdAt: expect.any(Date),
          expiresAt: expect.any(Date),
          lifeSeconds: 600,
        });
        expect(await tokens()).toEqual(before);
      },
    );

    test("is dead once it is destroyed, has expired or was used up, and never was if it is unknown", async () => {
      await server().addAppRole("ending", 0);
      const [destroyed, brief, used] = [
        await make("ending"),
        await make("ending", { ttl: "1s" }),
        await make("ending", { num_uses: 1 }),
      ];
      const path = "auth/approle/role/ending/secret-id-accessor/destroy";
      await asRoot(server(), "POST", path, { secret_id_accessor: destroyed.accessor });
      await server().wait(2);
      // It is let in for the last time, and may ask nothing.
      await expect(read(used)).rejects.toMatchObject(denied);
      const unknown = { ...destroyed, secretId: "planted" };
      for (const one of [destroyed, brief, used, unknown]) expect(await read(one)).toBeUndefined();
      const { roleId } = server().users.drover;
      expect(await read({ ...(await make("ending")), roleId })).toBeUndefined();
    });

    test("is denied, and not dead, where others were refused by its role's id five times", async () => {
      await server().addAppRole("besieged", 0);
      const good = await make("besieged");
      for (let times = 0; times < 5; times++) {
        expect(await read({ ...good, secretId: "planted" })).toBeUndefined();
      }
      await expect(read(good)).rejects.toMatchObject({
        ...denied,
        message: expect.stringContaining("Vault answered 403"),
      });
    });

    test("starts the count anew when it is let in", async () => {
      await server().addAppRole("forgiven", 0);
      const good = await make("forgiven");
      for (let times = 0; times < 8; times++) {
        if (times % 4 === 0) await expect(read(good)).rejects.toMatchObject(denied);
        expect(await read({ ...good, secretId: "planted" })).toBeUndefined();
      }
    });

    test("can't be seen without its policy: what to allow is said, and no token is left", async () => {
      const one = await make("nothing", { ttl: "600s" });
      const before = await tokens();
      const rule =
        'path "auth/approle/role/nothing/secret-id/lookup" { capabilities = ["update"] }';
      const error = await read(one).catch((error: unknown) => error);
      expect(error).toMatchObject({ ...denied, message: expect.stringContaining(rule) });
      expect(String(error)).not.toContain(one.secretId);
      expect(await tokens()).toEqual(before);
    });
  });
}
