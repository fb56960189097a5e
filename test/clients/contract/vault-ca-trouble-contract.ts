import { X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { Value } from "../../../lambdas/domain/rotate/kind.ts";
import { authorities, INTERMEDIATE, INVALID, WORKS, why, YEAR } from "./vault-ca.ts";
import { newAttempt } from "./vault-rotation.ts";
import type { VaultServer } from "./vault-server.ts";

const denied = { name: "PortError", system: "vault", kind: "denied" };

/** What the rotation of CAs relies on where something is in its way. */
export function vaultCaTroubleContract(server: () => VaultServer): void {
  const { root, caKind, make, first, defaultId } = authorities(server);

  test("a CA that outlives the one above it fails its test", async () => {
    await server().wait(2);
    const kind = caKind({ ...INTERMEDIATE, ttlSeconds: 20 * YEAR });
    const { value } = await make(kind);
    expect(await why(kind, value)).toMatch(/^a CA above it ends before it does, at 20/);
  });

  test("a key whose CA was never made is found, and deleted; none that a CA has", async () => {
    const kind = caKind(INTERMEDIATE);
    const attempt = newAttempt();
    const { accessor } = await make(kind, attempt);
    const name = `drover.contract.nomad-ca.${attempt}.lost`;
    const body = { common_name: "Nomad agents", key_type: "ec", key_name: name };
    const asked = await root("POST", "pki/intermediate/generate/internal", body);
    const lost = `key/${asked.body.data.key_id}`;
    expect((await kind.madeFor(attempt)).toSorted()).toEqual([accessor, lost].toSorted());
    expect(await kind.madeFor()).toEqual([lost]);
    expect(await caKind({ name: "nomad" }).madeFor()).toEqual([]);
    expect(await kind.lookUp(lost)).toEqual({ accessor: lost });
    await kind.revoke(lost);
    await kind.revoke(lost);
    expect(await kind.lookUp(lost)).toBeUndefined();
    expect(await kind.madeFor(attempt)).toEqual([accessor]);
    const { key_id } = (await root("GET", `pki/issuer/${accessor}`)).body.data;
    await expect(kind.revoke(`key/${key_id}`)).rejects.toMatchObject({
      ...INVALID,
      message: expect.stringContaining("Key in Use by Issuer"),
    });
    await kind.revoke(accessor);
    expect(await kind.madeFor()).toEqual([]);
  });

  test("the first CA of an engine issues from then on", async () => {
    await server().mountPki("pki-empty");
    const kind = caKind({ mount: "pki-empty" }, "everything");
    expect(await kind.issuing.current()).toBeUndefined();
    const { accessor } = await kind.mint(newAttempt(), await first());
    expect(await kind.issuing.current()).toBe(accessor);
  });

  describe("an engine whose newest CA issues at once", () => {
    const follow = async (default_follows_latest_issuer: boolean) =>
      root("POST", "pki/config/issuers", {
        default: await defaultId(),
        default_follows_latest_issuer,
      });

    test("is given none, and says how to mend it", async () => {
      const kind = caKind();
      const { value } = await make(kind);
      await follow(true);
      const text = /^pki\/config\/issuers: .* set default_follows_latest_issuer to false$/;
      await expect(make(kind)).rejects.toMatchObject({
        ...INVALID,
        message: expect.stringMatching(text),
      });
      expect(await why(kind, value)).toMatch(text);
      await follow(false);
      expect(await kind.test(value)).toEqual(WORKS);
    });
  });

  test("none is made when another one issues than that in the secret", async () => {
    const kind = caKind();
    const { value } = await make(kind);
    const isRefused = () =>
      expect(kind.mint(newAttempt(), value)).rejects.toMatchObject({
        ...INVALID,
        message: expect.stringMatching(
          /^pki: .* is the default issuer, and the first in the secret/,
        ),
      });
    await isRefused();
    // Dead or not: what issues is somebody's choice.
    await kind.revoke(value.accessor ?? "");
    await isRefused();
  });

  test("one that is revoked stays the default, and the next one is made beside it", async () => {
    await server().mountPki("pki-revoked");
    const kind = caKind({ mount: "pki-revoked" }, "everything");
    const { accessor, value } = await kind.mint(newAttempt(), await first());
    await root("POST", `pki-revoked/issuer/${accessor}/revoke`, {});
    expect(await kind.identify(value)).toBeUndefined();
    expect(await kind.issuing.current()).toBe(accessor);
    const next = await kind.mint(newAttempt(), value);
    expect(await kind.lookUp(next.accessor)).toMatchObject({ accessor: next.accessor });
    expect(await kind.issuing.current()).toBe(accessor);
  });

  test("the kind of its key is as asked for", async () => {
    await expect(make(caKind({ keyBits: 333 }))).rejects.toMatchObject({
      ...INVALID,
      message: expect.stringContaining("unsupported bit length for EC key: 333"),
    });
  });

  describe("the test of a CA", () => {
    let value: Value;
    beforeAll(async () => {
      value = (await make(caKind())).value;
    });

    test("needs a role that is there, and a name that it allows", async () => {
      const none = caKind({ role: "none" }, "everything");
      expect(await why(none, value)).toContain("unknown role: none");
      const other = caKind({ testName: "test.consul" });
      expect(await why(other, value)).toContain("test.consul not allowed by this role");
    });

    test("leaves no certificate behind that lives", async () => {
      const living = async () => {
        const { keys } = (await root("GET", "pki/certs?list=true")).body.data;
        const found = await Promise.all(
          keys.map(async (each: string) => (await root("GET", `pki/cert/${each}`)).body.data),
        );
        const names = found
          .filter(({ revocation_time }) => revocation_time === 0)
          .map(({ certificate }) => new X509Certificate(certificate).subject);
        return names.filter((name) => name === "CN=test.nomad");
      };
      expect(await caKind().test(value)).toEqual(WORKS);
      expect(await living()).toEqual([]);
    });
  });

  test("it needs its policy: a lack of it is no death", async () => {
    const { value, accessor } = await make(caKind());
    const blind = caKind({}, "nothing");
    await expect(blind.mint(newAttempt(), value)).rejects.toMatchObject(denied);
    await expect(blind.test(value)).rejects.toMatchObject(denied);
    await expect(blind.identify(value)).rejects.toMatchObject(denied);
    await expect(blind.lookUp(accessor)).rejects.toMatchObject(denied);
    await expect(blind.madeFor(newAttempt())).rejects.toMatchObject(denied);
    await expect(blind.revoke(accessor)).rejects.toMatchObject(denied);
    await expect(blind.issuing.current()).rejects.toMatchObject(denied);
    await expect(blind.issuing.takeOver(accessor)).rejects.toMatchObject(denied);
  });

  test("it needs a value that has one", async () => {
    const values: Value[] = [{ token: "plain" }, { ca: "plain" }];
    for (const value of values) {
      await expect(caKind().identify(value)).rejects.toMatchObject({
        ...INVALID,
        message: expect.not.stringContaining("plain"),
      });
    }
  });
}
