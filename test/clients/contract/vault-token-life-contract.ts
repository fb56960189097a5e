import { describe, expect, test } from "vitest";
import type { Value } from "../../../lambdas/domain/rotate/kind.ts";
import { asRoot, mint, newAttempt, sessionOf, tokenKind, withToken } from "./vault-rotation.ts";
import type { VaultServer } from "./vault-server.ts";

const denied = { name: "PortError", system: "vault", kind: "denied" };
const invalid = { name: "PortError", system: "vault", kind: "invalid" };
const LOOKUP_SELF = "auth/token/lookup-self";

/** How a dead token is told from one that can't be asked about. */
export function vaultTokenLifeContract(server: () => VaultServer): void {
  describe("whether a token lives", () => {
    test("is told by its value alone, or by its accessor", async () => {
      const kind = tokenKind(server());
      const { value, accessor } = await mint(kind);
      const { token = "" } = value;
      const standing = { accessor, lifeSeconds: 3_600 };
      const found = await kind.identify({ token });
      expect(found).toMatchObject(standing);
      expect(found).not.toHaveProperty("renewedAt");
      expect(await kind.lookUp(accessor)).toEqual(found);
    });

    test("a revoked one, one that has expired and one that never was are dead", async () => {
      await server().addTokenRole("short", {
        isOrphan: true,
        periodSeconds: 1,
        allowedPolicies: ["user"],
      });
      const kind = tokenKind(server());
      const revoked = await mint(kind);
      await kind.revoke(revoked.accessor);
      const everybody = sessionOf(server(), "everything");
      const expired = await mint(tokenKind(server(), { role: "short" }, everybody));
      await server().wait(2);
      for (const { value, accessor } of [revoked, expired]) {
        expect(await kind.identify(value)).toBeUndefined();
        expect(await kind.lookUp(accessor)).toBeUndefined();
      }
      expect(await kind.identify({ token: "s.never-was" })).toBeUndefined();
      expect(await kind.lookUp("never-was")).toBeUndefined();
    });

    test("is not told to who may not ask: that is no death", async () => {
      const { value, accessor } = await mint(tokenKind(server()));
      const blind = tokenKind(server(), {}, sessionOf(server(), "nothing"));
      await expect(blind.identify(value)).rejects.toMatchObject({
        ...denied,
        message: expect.stringContaining('path "auth/token/lookup" { capabilities = ["update"] }'),
      });
      await expect(blind.lookUp(accessor)).rejects.toMatchObject(denied);
      await expect(blind.revoke(accessor)).rejects.toMatchObject(denied);
      await expect(blind.test(value)).rejects.toMatchObject(denied);
      await expect(blind.madeFor(newAttempt())).rejects.toMatchObject({
        ...denied,
        message: expect.stringContaining(
          'path "auth/token/accessors/" { capabilities = ["list", "sudo"] }',
        ),
      });
    });

    test("can't be told by itself: one bound to other addresses hears the same as a dead one", async () => {
      await server().addTokenRole("elsewhere", {
        isOrphan: true,
        periodSeconds: 3_600,
        allowedPolicies: ["user"],
        boundCidrs: ["10.9.9.0/24"],
      });
      const everybody = sessionOf(server(), "everything");
      const bound = await mint(tokenKind(server(), { role: "elsewhere" }, everybody));
      const kind = tokenKind(server());
      const dead = await mint(kind);
      await kind.revoke(dead.accessor);
      const refused = { status: 403, body: { errors: ["permission denied"] } };
      expect(await withToken(server(), bound, "GET", LOOKUP_SELF)).toEqual(refused);
      expect(await withToken(server(), dead, "GET", LOOKUP_SELF)).toEqual(refused);
      expect(await kind.identify(bound.value)).toMatchObject({ accessor: bound.accessor });
      expect(await kind.identify(dead.value)).toBeUndefined();
    });

    test("a lack of policy is another answer", async () => {
      const minted = await mint(tokenKind(server()));
      expect(await withToken(server(), minted, "GET", "sys/key-status")).toEqual({
        status: 403,
        body: { errors: ["1 error occurred:\n\t* permission denied\n\n"] },
      });
    });

    test("an empty value is refused: Vault would tell of Drover's own token", async () => {
      for (const value of [{}, { token: "" }] as Value[]) {
        await expect(tokenKind(server()).identify(value)).rejects.toMatchObject(invalid);
      }
      const { token } = sessionOf(server());
      const own = await asRoot(server(), "POST", "auth/token/lookup", { token: "" });
      expect(own.body.data).toMatchObject({ id: server().rootToken });
      expect(await token()).not.toBe(server().rootToken);
    });
  });
}
