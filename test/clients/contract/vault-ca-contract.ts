import type { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { PARENT_MOUNT } from "../../../local/vault/rotation-setup.ts";
import { authorities, bundle, INTERMEDIATE, INVALID, own, WORKS, why, YEAR } from "./vault-ca.ts";
import { certificateKind, mint, newAttempt } from "./vault-rotation.ts";
import type { VaultServer } from "./vault-server.ts";

/** What the rotation of CAs relies on. */
export function vaultCaRotationContract(server: () => VaultServer): void {
  const { root, remove, caKind, make, first, defaultId } = authorities(server);
  const sameAs = (one: X509Certificate) => (other: X509Certificate) =>
    one.fingerprint256 === other.fingerprint256;

  describe.each([
    ["a CA that is its own root", {}],
    ["a CA that another engine has signed", INTERMEDIATE],
  ])("%s", (_, settings) => {
    test("is trusted with the others, works, and does not issue yet", async () => {
      const kind = caKind(settings);
      const before = await first();
      const issuer = await defaultId();
      const minted = await make(kind);
      expect(Object.keys(minted.value).toSorted()).toEqual(["accessor", "ca"]);
      expect(minted.value.accessor).toBe(minted.accessor);
      expect(minted.accessor).not.toBe(issuer);
      expect(own(minted).subject).toBe("CN=Nomad agents");
      expect(own(minted).ca).toBe(true);
      const [former] = bundle(before);
      expect(former && bundle(minted.value).some(sameAs(former))).toBe(true);
      const roots = bundle(minted.value).filter((each) => each.checkIssued(each));
      const isItsRoot = (each: X509Certificate) =>
        own(minted).checkIssued(each) && own(minted).verify(each.publicKey);
      expect(roots.filter(isItsRoot)).toHaveLength(1);
      expect(await kind.test(minted.value)).toEqual(WORKS);
      expect(await defaultId()).toBe(issuer);
      expect(await kind.issuing.current()).toBe(issuer);
    });

    test("is known by its certificate or its id, and by when it ends", async () => {
      const kind = caKind(settings);
      const minted = await make(kind);
      const standing = {
        accessor: minted.accessor,
        createdAt: own(minted).validFromDate,
        expiresAt: own(minted).validToDate,
        // It counts half a minute earlier than it was made.
        lifeSeconds: YEAR + 30,
      };
      expect(minted).toEqual({ ...standing, value: minted.value });
      expect(await kind.identify({ ca: minted.value.ca ?? "" })).toEqual(standing);
      expect(await kind.lookUp(minted.accessor)).toEqual(standing);
    });

    test("is found by the attempt that has made it, more than once", async () => {
      const kind = caKind(settings);
      const attempt = newAttempt();
      const both = [await make(kind, attempt), await make(kind, attempt)];
      await make(kind);
      const ids = both.map(({ accessor }) => accessor);
      expect((await kind.madeFor(attempt)).toSorted()).toEqual(ids.toSorted());
      expect(await kind.madeFor(newAttempt())).toEqual([]);
      expect(await kind.madeFor()).toEqual([]);
      await kind.revoke(ids[0] ?? "");
      expect(await kind.madeFor(attempt)).toEqual([ids[1]]);
    });

    test("issues when it has taken over, and its certificates are trusted", async () => {
      const [kind, leaves] = [caKind(settings), certificateKind(server())];
      const before = await first();
      const old = await mint(leaves);
      const minted = await make(kind);
      const told = await mint(leaves);
      const { issuing } = kind;
      expect(issuing.isTrustedBy(minted.value, old.value)).toBe(false);
      expect(issuing.isTrustedBy(minted.value, told.value)).toBe(true);
      expect(issuing.hasIssued(minted.value, told.value)).toBe(false);
      expect(issuing.hasIssued(before, told.value)).toBe(true);
      await issuing.takeOver(minted.accessor);
      await issuing.takeOver(minted.accessor);
      expect(await issuing.current()).toBe(minted.accessor);
      const issued = await mint(leaves);
      expect(issuing.hasIssued(minted.value, issued.value)).toBe(true);
      expect(issuing.hasIssued(before, issued.value)).toBe(false);
      expect(await leaves.test(issued.value)).toEqual(WORKS);
      // Whoever trusts what came with the certificate before is led there by those that come with this one.
      expect(await leaves.test({ ...issued.value, ca: told.value.ca ?? "" })).toEqual(WORKS);
      expect(await leaves.test({ ...told.value, ca: issued.value.ca ?? "" })).toEqual(WORKS);
    });

    test("is not revoked while it issues; afterwards, as often as that is said", async () => {
      const kind = caKind(settings);
      const minted = await make(kind);
      const { serialNumber } = own(minted);
      const serial = (serialNumber.toLowerCase().match(/../g) ?? []).join(":");
      const former = await defaultId();
      await kind.issuing.takeOver(minted.accessor);
      await expect(kind.revoke(minted.accessor)).rejects.toMatchObject({
        ...INVALID,
        message: expect.stringContaining("is the default issuer, and is not revoked"),
      });
      expect(await kind.lookUp(minted.accessor)).toMatchObject({ accessor: minted.accessor });
      await kind.issuing.takeOver(former);
      await kind.revoke(minted.accessor);
      await kind.revoke(minted.accessor);
      expect(await kind.lookUp(minted.accessor)).toBeUndefined();
      expect(await kind.identify(minted.value)).toBeUndefined();
      expect(await why(kind, minted.value)).toBe("pki: it is revoked, has ended, or is not there");
      expect(bundle((await make(kind)).value).some(sameAs(own(minted)))).toBe(false);
      const signer = "parent" in settings ? PARENT_MOUNT : "pki";
      const { body } = await root("GET", `${signer}/cert/${serial}`);
      expect(body.data.revocation_time).toBeGreaterThan(0);
    });

    test("is dead when it is deleted, and can't be revoked, which is no error", async () => {
      const kind = caKind(settings);
      const minted = await make(kind);
      expect((await remove(`pki/issuer/${minted.accessor}`)).status).toBe(200);
      expect(await kind.lookUp(minted.accessor)).toBeUndefined();
      expect(await kind.identify(minted.value)).toBeUndefined();
      await kind.revoke(minted.accessor);
      // Its key is of no use any more.
      const keys = await kind.madeFor();
      expect(keys).toEqual([expect.stringMatching(/^key\//)]);
      await kind.revoke(keys[0] ?? "");
      expect(await kind.madeFor()).toEqual([]);
    });

    test("that lives less than it should fails its test", async () => {
      const kind = caKind({ ...settings, everySeconds: 5 * YEAR, ttlSeconds: 20 * YEAR });
      const { value } = await make(kind);
      expect(await why(kind, value)).toMatch(/^it lives \d+ s, which is less than 3 times/);
    });
  });
}
