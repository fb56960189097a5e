import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Kind, Minted, Value } from "../../../lambdas/domain/rotate/kind.ts";
import { ROTATED_PKI_ROLE } from "../../../local/vault/rotation-setup.ts";
import { asRoot, certificateKind, mint, newAttempt, sessionOf } from "./vault-rotation.ts";
import type { VaultServer } from "./vault-server.ts";

const denied = { name: "PortError", system: "vault", kind: "denied" };
const invalid = { name: "PortError", system: "vault", kind: "invalid" };
const FIT = {
  allowedDomains: ["nomad"],
  allowedUriSans: ["drover://*"],
  maxTtlSeconds: 3_600,
  isForgetful: false,
  isLeased: false,
};

/** What the rotation of certificates relies on. */
export function vaultCertificateRotationContract(server: () => VaultServer): void {
  const own = ({ value }: Minted) => new X509Certificate(value.certificate ?? "");
  const caOf = ({ ca = "" }: Value) =>
    (ca.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []).map(
      (each) => new X509Certificate(each),
    );
  const failing = async (kind: Kind, value: Value) => {
    const trial = await kind.test(value);
    expect(JSON.stringify(trial)).not.toContain("PRIVATE KEY");
    return trial.works ? undefined : trial.why;
  };

  describe("a certificate that is minted", () => {
    test("has its key, its names and the CA with it, and works", async () => {
      const kind = certificateKind(server());
      const minted = await mint(kind);
      const certificate = own(minted);
      expect(Object.keys(minted.value).toSorted()).toEqual([
        "accessor",
        "ca",
        "certificate",
        "privateKey",
      ]);
      expect(minted.value.accessor).toBe(minted.accessor);
      expect(certificate.checkPrivateKey(createPrivateKey(minted.value.privateKey ?? ""))).toBe(
        true,
      );
      expect(certificate.subject).toBe("CN=client.global.nomad");
      expect(certificate.checkHost("client.global.nomad")).toBe("client.global.nomad");
      expect(certificate.checkHost("web.nomad")).toBe("web.nomad");
      expect(certificate.checkHost("a.jobs.nomad")).toBe("*.jobs.nomad");
      expect(certificate.checkHost("other.nomad")).toBeUndefined();
      expect(certificate.checkIP("fd00::1")).toBe("fd00::1");
      expect(certificate.checkIP("fd00::2")).toBeUndefined();
      const [ca] = caOf(minted.value);
      expect(ca && certificate.verify(ca.publicKey)).toBe(true);
      expect(await kind.test(minted.value)).toEqual({ works: true });
    });

    test("is known by its value or its serial number, and by when it ends", async () => {
      const kind = certificateKind(server(), { ttlSeconds: 600 });
      const minted = await mint(kind);
      const { certificate = "", privateKey = "" } = minted.value;
      const standing = {
        accessor: minted.accessor,
        createdAt: own(minted).validFromDate,
        expiresAt: own(minted).validToDate,
        // It counts half a minute earlier than it was made.
        lifeSeconds: 630,
      };
      expect(await kind.identify({ certificate, privateKey })).toEqual(standing);
      expect(await kind.lookUp(minted.accessor)).toEqual(standing);
      const { status } = await asRoot(server(), "GET", `pki/cert/${minted.accessor}`);
      expect(status).toBe(200);
    });

    test("is found by what it was made for, while it lives", async () => {
      const kind = certificateKind(server());
      const attempt = newAttempt();
      const both = [await mint(kind, attempt), await mint(kind, attempt)];
      await mint(kind);
      const serials = both.map(({ accessor }) => accessor);
      expect((await kind.madeFor(attempt)).toSorted()).toEqual(serials.toSorted());
      expect(await kind.madeFor()).toEqual(expect.arrayContaining([...serials]));
      expect(await kind.madeFor(newAttempt())).toEqual([]);
      expect(own(both[0] ?? expect.fail()).subjectAltName).toContain(
        `URI:drover://contract/nomad-certificate/${attempt}`,
      );
      await kind.revoke(serials[0] ?? "");
      expect(await kind.madeFor(attempt)).toEqual([serials[1]]);
    });

    test("ends when it is revoked, alone, as often as that is said", async () => {
      const kind = certificateKind(server());
      const [old, current] = [await mint(kind), await mint(kind)];
      await kind.revoke(old.accessor);
      await kind.revoke(old.accessor);
      expect(await kind.lookUp(old.accessor)).toBeUndefined();
      expect(await kind.identify(old.value)).toBeUndefined();
      expect(await failing(kind, old.value)).toContain("it is revoked");
      expect(await kind.test(current.value)).toEqual({ works: true });
    });

    test("that the engine does not know is dead, and can't be revoked, which is no error", async () => {
      const kind = certificateKind(server());
      expect(await kind.lookUp("0a:1b:2c")).toBeUndefined();
      await kind.revoke("0a:1b:2c");
    });

    test("is dead when it has ended, though it is listed still", async () => {
      const body = { common_name: "brief.nomad", ttl: "2s" };
      const { data } = (await asRoot(server(), "POST", `pki/issue/${ROTATED_PKI_ROLE}`, body)).body;
      await server().wait(3);
      const kind = certificateKind(server());
      expect(await kind.lookUp(data.serial_number)).toBeUndefined();
      expect(await kind.identify({ certificate: data.certificate })).toBeUndefined();
      const { keys } = (await asRoot(server(), "GET", "pki/certs?list=true")).body.data;
      expect(keys).toContain(data.serial_number);
    });

    test("trusts former issuers, too, and coming ones; none that is revoked", async () => {
      const kind = certificateKind(server());
      const before = await mint(kind);
      await server().addIssuer();
      const after = await mint(kind);
      const [first] = caOf(before.value);
      expect(caOf(before.value)).toHaveLength(1);
      expect(caOf(after.value)).toHaveLength(2);
      expect(caOf(after.value).map((ca) => own(after).verify(ca.publicKey))).toEqual([true, false]);
      expect(first && own(after).verify(first.publicKey)).toBe(false);
      expect(await kind.test(before.value)).toEqual({ works: true });
      expect(await kind.test(after.value)).toEqual({ works: true });
      const mixed = { ...after.value, ca: before.value.ca ?? "" };
      expect(await failing(kind, mixed)).toBe("none of the CAs beside it has issued it");
      await server().revokeFormerIssuers();
      expect(caOf((await mint(kind)).value)).toHaveLength(1);
    });

    test("fails its test with another one's key, or for other names", async () => {
      const kind = certificateKind(server());
      const [one, other] = [await mint(kind), await mint(kind)];
      const { privateKey = "" } = other.value;
      expect(await failing(kind, { ...one.value, privateKey })).toBe(
        "the private key is not that of the certificate",
      );
      const names = { commonName: "c.nomad", altNames: ["d.nomad"], ipSans: ["10.0.0.1", "::1"] };
      expect(await failing(certificateKind(server(), names), one.value)).toBe(
        "it is not for c.nomad, d.nomad, 10.0.0.1, ::1",
      );
    });

    test.each([
      ["short", { maxTtlSeconds: 60 }, /^it lives 90 s, and ends before the next one is in use/],
      ["forgetful", { isForgetful: true }, /^pki\/roles\/forgetful: .* set no_store to false$/],
      ["leased", { isLeased: true }, /^pki\/roles\/leased: .* set generate_lease to false$/],
    ])("of a role that is %s fails its test", async (role, settings, why) => {
      await server().addCertificateRole(role, { ...FIT, ...settings });
      const kind = certificateKind(server(), { role, who: "everything" });
      expect(await failing(kind, (await mint(kind)).value)).toMatch(why);
    });

    test("that is leased ends with the login that made it; others do not", async () => {
      await server().addCertificateRole("leased", { ...FIT, isLeased: true });
      await server().addCertificateRole("fit", FIT);
      const session = sessionOf(server(), "everything");
      const issue = async (role: string) =>
        JSON.parse(
          (
            await session.http.send({
              method: "POST",
              path: `/v1/pki/issue/${role}`,
              body: { common_name: "a.nomad" },
            })
          )?.body ?? "",
        ).data.serial_number;
      const [leased, fit] = [await issue("leased"), await issue("fit")];
      await session.http.send({ method: "POST", path: "/v1/auth/token/revoke-self" });
      const kind = certificateKind(server());
      expect(await kind.lookUp(fit)).toMatchObject({ accessor: fit });
      await expect.poll(() => kind.lookUp(leased)).toBeUndefined();
    });

    test("needs a role that is there, and lets it say what it was made for", async () => {
      const none = certificateKind(server(), { role: "none", who: "everything" });
      await expect(mint(none)).rejects.toMatchObject({
        ...invalid,
        message: expect.stringContaining("unknown role: none"),
      });
      const { value } = await mint(certificateKind(server()));
      expect(await failing(none, value)).toBe("pki/roles/none: it is not there: make it");
      await server().addCertificateRole("mute", { ...FIT, allowedUriSans: [] });
      const mute = certificateKind(server(), { role: "mute", who: "everything" });
      await expect(mint(mute)).rejects.toMatchObject({
        ...invalid,
        message: expect.stringContaining("URI Subject Alternative Names"),
      });
      expect(await failing(mute, value)).toMatch(/set allowed_uri_sans to drover/);
    });

    test("needs its policy: a lack of it is no death", async () => {
      const kind = certificateKind(server());
      const { value, accessor } = await mint(kind);
      const blind = certificateKind(server(), { who: "nothing" });
      await expect(mint(blind)).rejects.toMatchObject(denied);
      await expect(blind.test(value)).rejects.toMatchObject(denied);
      await expect(blind.madeFor(newAttempt())).rejects.toMatchObject(denied);
      await expect(blind.revoke(accessor)).rejects.toMatchObject(denied);
      // Anybody may read certificates.
      expect(await blind.lookUp(accessor)).toEqual(await kind.lookUp(accessor));
      expect(await blind.lookUp(accessor)).toMatchObject({ accessor });
    });

    test("needs a value that has one", async () => {
      const kind = certificateKind(server());
      const values: Value[] = [{ token: "plain" }, { certificate: "plain" }];
      for (const value of values) {
        await expect(kind.identify(value)).rejects.toMatchObject({
          ...invalid,
          message: expect.not.stringContaining("plain"),
        });
      }
    });
  });
}
