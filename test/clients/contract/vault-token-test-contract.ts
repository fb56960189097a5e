import { describe, expect, test } from "vitest";
import { READABLE_PATH } from "../../../local/vault/rotation-setup.ts";
import type { TokenRole } from "../../../local/vault/token-role.ts";
import { asRoot, mint, sessionOf, tokenKind, withToken } from "./vault-rotation.ts";
import type { VaultServer } from "./vault-server.ts";

const GOOD = { isOrphan: true, periodSeconds: 3_600, allowedPolicies: ["user"] };
const FIT: TokenRole = { ...GOOD, isRenewable: true, numUses: 0, boundCidrs: [] };

/** What a new token has to be before consumers may get it. */
export function vaultTokenTestContract(server: () => VaultServer): void {
  describe("the test of a token", () => {
    const tryWith = async (settings: Parameters<typeof tokenKind>[1]) => {
      const kind = tokenKind(server(), settings, sessionOf(server(), "everything"));
      const minted = await mint(kind);
      return { minted, trial: await kind.test(minted.value) };
    };

    test("is a call by itself, and of what it is for", async () => {
      const kind = tokenKind(server(), { testPath: READABLE_PATH });
      const minted = await mint(kind);
      expect(await kind.test(minted.value)).toEqual({ works: true });
      // It is no renewal: that would look as if its consumer used it.
      expect(await kind.lookUp(minted.accessor)).not.toHaveProperty("renewedAt");
      expect(await kind.test({ token: minted.value.token ?? "" })).toEqual({ works: true });
    });

    test.each([
      [
        "what its policies lack",
        "secret/data/other",
        /403 .*policies lack path "secret\/data\/other"/,
      ],
      ["what is not there", "nowhere/at-all", /no handler for route|policies lack/],
    ])("fails for %s", async (_, testPath, why) => {
      const { minted, trial } = await tryWith({ testPath });
      expect(trial).toEqual({ works: false, why: expect.stringMatching(why) });
      expect(JSON.stringify(trial)).not.toContain(minted.value.token);
    });

    test("fails for one that is dead", async () => {
      const kind = tokenKind(server());
      const { value, accessor } = await mint(kind);
      await kind.revoke(accessor);
      expect(await kind.test(value)).toEqual({
        works: false,
        why: expect.stringContaining("Vault does not know the token"),
      });
    });

    test.each<[string, Partial<TokenRole>, string]>([
      ["is no orphan", { isOrphan: false }, "is no orphan"],
      ["is not periodic", { periodSeconds: 0 }, "set token_period"],
      ["can't be renewed", { isRenewable: false }, "set renewable to true"],
      ["is for a number of uses", { numUses: 5 }, "set token_num_uses to 0"],
      ["may do what Drover may", { allowedPolicies: [] }, "set allowed_policies"],
    ])("fails for one that %s, and says how to mend its role", async (_, unfit, fix) => {
      const role = `unfit-${Object.keys(unfit)}`;
      await server().addTokenRole(role, { ...FIT, ...unfit });
      const { trial } = await tryWith({ role });
      const why = expect.stringMatching(new RegExp(`^auth/token/roles/${role}: .*${fix}`));
      expect(trial).toEqual({ works: false, why });
    });

    test("fails for one that lacks a policy, or whose role has gone", async () => {
      const session = sessionOf(server(), "everything");
      const minted = await mint(tokenKind(server()));
      const more = tokenKind(server(), { policies: ["user", "more"] });
      expect(await more.test(minted.value)).toMatchObject({
        why: expect.stringContaining("the token lacks more"),
      });
      expect(await tokenKind(server(), { role: "gone" }, session).test(minted.value)).toMatchObject(
        {
          why: "auth/token/roles/gone: it is not there: make it",
        },
      );
    });

    test("shows nothing while Vault can't be asked", async () => {
      const kind = tokenKind(server());
      const minted = await mint(kind);
      await server().throttle();
      const throttled = { name: "PortError", kind: "throttled" };
      await expect(kind.test(minted.value)).rejects.toMatchObject(throttled);
      await expect(kind.identify(minted.value)).rejects.toMatchObject(throttled);
      await expect(kind.lookUp(minted.accessor)).rejects.toMatchObject(throttled);
      await server().endThrottling();
      expect(await kind.test(minted.value)).toEqual({ works: true });
    });
  });

  test("a role without policies gives those of who asks", async () => {
    await server().addTokenRole("open", { ...FIT, allowedPolicies: [] });
    const session = sessionOf(server(), "everything");
    const minted = await mint(tokenKind(server(), { role: "open" }, session));
    const { body } = await withToken(server(), minted, "GET", "auth/token/lookup-self");
    expect(body.data.policies).toEqual(["default", "everything"]);
    const other = await asRoot(server(), "GET", "auth/token/roles/open");
    expect(other.body.data.allowed_policies).toEqual([]);
  });
}
