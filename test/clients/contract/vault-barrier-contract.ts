import { describe, expect, test } from "vitest";
import { vaultBarrierKey } from "../../../lambdas/clients/vault/rotate/barrier-key.ts";
import { mint, sessionOf, tokenKind } from "./vault-rotation.ts";
import type { VaultServer } from "./vault-server.ts";

/** What the rotation of the key that Vault encrypts its storage with relies on. */
export function vaultBarrierContract(server: () => VaultServer): void {
  describe("the barrier key", () => {
    test("is another one after a rotation, and what is stored is read all the same", async () => {
      const kind = tokenKind(server());
      const { value, accessor } = await mint(kind);
      const key = keyOf(server());
      const before = await key.newest();
      expect(await key.newest()).toEqual(before);
      await key.rotate();
      const after = await key.newest();
      expect(Number(after.id)).toBe(Number(before.id) + 1);
      expect(after.createdAt.getTime()).toBeGreaterThanOrEqual(before.createdAt.getTime());
      expect(await kind.identify(value)).toMatchObject({ accessor });
    });

    test("is rotated with sudo alone", async () => {
      const message = (rule: string) => ({
        kind: "denied",
        message: expect.stringContaining(rule),
      });
      const key = vaultBarrierKey(sessionOf(server(), "nothing"));
      await expect(key.newest()).rejects.toMatchObject(
        message('path "sys/key-status" { capabilities = ["read"] }'),
      );
      const update = vaultBarrierKey(sessionOf(server(), "everything"));
      await expect(update.rotate()).rejects.toMatchObject(
        message('path "sys/rotate" { capabilities = ["update", "sudo"] }'),
      );
      expect(await update.newest()).toEqual(await keyOf(server()).newest());
    });
  });
}

function keyOf(server: VaultServer) {
  return vaultBarrierKey(sessionOf(server));
}
