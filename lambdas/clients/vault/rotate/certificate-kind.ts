import type { X509Certificate } from "node:crypto";
import * as z from "zod";
import type { Rotation } from "../../../contracts/config/rotate.ts";
import type { Clock } from "../../../domain/ports/clock.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Kind } from "../../../domain/rotate/kind.ts";
import type { VaultSession } from "../vault-session.ts";
import { bundleOf, lives, readCertificates, serialOf, standingOf } from "./certificate.ts";
import { certificateDefect } from "./certificate-defect.ts";
import { certificateRoleDefect } from "./certificate-role.ts";
import { certificatesOf } from "./certificate-value.ts";
import { isGood, readIssuers } from "./issuers.ts";
import { hasMark, type Maker, markOf, those } from "./made-for.ts";

export interface VaultCertificateOptions {
  readonly session: VaultSession;
  readonly rotation: Extract<Rotation, { kind: "vault-certificate" }>;
  /** Drover's own name. */
  readonly deployment: string;
  readonly clock: Clock;
}

const Pem = z.string().min(1);
const IssueReading = z.object({
  data: z.object({
    certificate: Pem,
    private_key: Pem,
    issuing_ca: Pem,
    ca_chain: z.array(Pem).nullish(),
  }),
});
const CertificateReading = z.object({
  data: z.object({
    certificate: Pem,
    /** In seconds; 0: it is not revoked. */
    revocation_time: z.number(),
  }),
});
const Serials = z.object({ data: z.object({ keys: z.array(z.string()) }) });

/**
 * Certificates, with their keys, of a role of a PKI secrets engine. Their accessor is the serial number. The
 * engine keeps no metadata of them, so what one was made for is a URI among its names.
 */
export function vaultCertificateKind(options: VaultCertificateOptions): Kind {
  const { session, rotation, deployment, clock } = options;
  const { http } = session;
  const { mount, role, commonName, altNames, ipSans, ttlSeconds } = rotation;
  const maker: Maker = { deployment, rotation: rotation.name };

  /** @returns undefined when it is revoked, has ended, or is not known. */
  async function livingOne(serial: string): Promise<X509Certificate | undefined> {
    const path = `/v1/${mount}/cert/${serial}`;
    const found = (await http.read({ method: "GET", path }, CertificateReading))?.value.data;
    if (!found || found.revocation_time > 0) return undefined;
    const [certificate] = readCertificates(found.certificate);
    if (!certificate) {
      throw new PortError("vault", "invalid", `GET ${path}: there is no certificate in the answer`);
    }
    return lives(certificate, clock.now()) ? certificate : undefined;
  }

  async function trusted(at: Date): Promise<X509Certificate[]> {
    const issuers = await readIssuers(http, mount);
    return issuers.filter((each) => isGood(each, at)).map((each) => each.certificate);
  }

  return {
    beginsFromNothing: true,
    isRenewed: false,

    // Each time makes another one: it is not tried again.
    async mint(attempt) {
      // First, since it can fail without anything being lost.
      const askedAt = clock.now();
      const issuers = await trusted(askedAt);
      const path = `/v1/${mount}/issue/${role}`;
      const body = {
        common_name: commonName,
        uri_sans: markOf(maker, attempt),
        ...(altNames.length > 0 && { alt_names: altNames.join() }),
        ...(ipSans.length > 0 && { ip_sans: ipSans.join() }),
        ...(ttlSeconds !== undefined && { ttl: `${ttlSeconds}s` }),
      };
      const found = await http.read({ method: "POST", path, body }, IssueReading);
      if (!found) throw new PortError("vault", "invalid", `POST ${path}: nothing was issued`);
      const { certificate, private_key, issuing_ca, ca_chain } = found.value.data;
      const chain = (ca_chain ?? [issuing_ca]).flatMap(readCertificates);
      const between = chain.filter((each) => !each.checkIssued(each));
      const [own] = readCertificates(certificate);
      if (!own) throw new PortError("vault", "invalid", `POST ${path}: there is no certificate`);
      const accessor = serialOf(own);
      const value = {
        certificate: bundleOf([own, ...between]),
        privateKey: private_key,
        ca: bundleOf([...chain, ...issuers]),
        accessor,
      };
      return { ...standingOf(own), createdAt: askedAt, value };
    },

    async madeFor(attempt) {
      // With a list's slash, as the policy names it.
      const path = `/v1/${mount}/certs/`;
      const list = { method: "GET", path, query: { list: "true" } } as const;
      const all = (await http.read(list, Serials))?.value.data.keys ?? [];
      return those(all, async (each) =>
        hasMark(maker, attempt, (await livingOne(each))?.subjectAltName),
      );
    },

    // Another engine's may have the same serial number.
    async identify(value) {
      const { own } = certificatesOf(value);
      const found = await livingOne(serialOf(own));
      return found?.fingerprint256 === own.fingerprint256 ? standingOf(found) : undefined;
    },

    async lookUp(accessor) {
      const found = await livingOne(accessor);
      return found && standingOf(found);
    },

    async test(value) {
      const { own, between, cas } = certificatesOf(value);
      const known = await livingOne(serialOf(own));
      const now = clock.now();
      const shown = { own, between, trusted: cas ?? (await trusted(now)), value };
      const why =
        (await certificateRoleDefect(http, mount, role)) ??
        (known ? undefined : `${mount}: it is revoked, has ended, or was never issued there`) ??
        certificateDefect(shown, rotation, now);
      return why === undefined ? { works: true } : { works: false, why };
    },

    async revoke(accessor) {
      const body = { serial_number: accessor };
      await http.send({ method: "POST", path: `/v1/${mount}/revoke`, body, repeatable: true });
    },
  };
}
