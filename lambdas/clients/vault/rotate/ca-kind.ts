import * as z from "zod";
import type { Rotation } from "../../../contracts/config/rotate.ts";
import type { Clock } from "../../../domain/ports/clock.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Kind, Standing, Value } from "../../../domain/rotate/kind.ts";
import type { VaultSession } from "../vault-session.ts";
import { makeCa } from "./ca-making.ts";
import { caDefect, tryIssuing } from "./ca-trial.ts";
import { ownCa, trustedBy } from "./ca-value.ts";
import { bundleOf, standingOf } from "./certificate.ts";
import { certificatesOf } from "./certificate-value.ts";
import { cutsOff } from "./cuts-off.ts";
import { followingDefect, makeDefaultIssuer, readDefaultIssuer } from "./default-issuer.ts";
import { type Issuer, isGood, readIssuer, readIssuers } from "./issuers.ts";
import { hasIssued } from "./leads-to.ts";
import { hasMark, isKeyMadeFor, type Maker } from "./made-for.ts";

export interface VaultCaOptions {
  readonly session: VaultSession;
  readonly rotation: Extract<Rotation, { kind: "vault-ca" }>;
  /** Drover's own name. */
  readonly deployment: string;
  readonly clock: Clock;
}

const Keys = z.object({
  data: z.object({ key_info: z.record(z.string(), z.object({ key_name: z.string() })) }),
});

/** Before the id of a key without an issuer, which is all that is left of one whose making broke off. */
const KEY = "key/";

/**
 * CAs of a PKI secrets engine, of which one issues: the default. Their accessor is the issuer's id. Their keys never
 * leave the engine; what is published is whom to trust.
 */
export function vaultCaKind(options: VaultCaOptions): Kind {
  const { session, rotation, deployment, clock } = options;
  const { http } = session;
  const { mount, parent } = rotation;
  const maker: Maker = { deployment, rotation: rotation.name };

  async function goodOnes(): Promise<Issuer[]> {
    const issuers = await readIssuers(http, mount);
    return issuers.filter((each) => isGood(each, clock.now()));
  }

  /** The issuer whose certificate a value has as the first. */
  async function issuerIn(value: Value): Promise<Issuer | undefined> {
    const { fingerprint256 } = ownCa(value);
    return (await goodOnes()).find((each) => each.certificate.fingerprint256 === fingerprint256);
  }

  /** @throws {PortError} `invalid` when a new one would not take over from that in the secret, or do so at once. */
  async function checkDefault(before: Value): Promise<void> {
    const found = await readDefaultIssuer(http, mount);
    const why = followingDefect(mount, found);
    if (why) throw new PortError("vault", "invalid", why);
    const { fingerprint256 } = ownCa(before);
    if (!found.id) return;
    // The first in the secret may be revoked, over or gone: what issues now is somebody's choice all the same.
    const issuer = await readIssuer(http, mount, found.id);
    if (issuer?.certificate.fingerprint256 === fingerprint256) return;
    const former = (await issuerIn(before))?.id ?? "one that can't issue";
    const text =
      `${mount}: ${found.id} is the default issuer, and the first in the secret is ${former}: ` +
      "make that the default, or put the certificate of the other one into the secret";
    throw new PortError("vault", "invalid", text);
  }

  /** The marked keys that no issuer has, revoked ones included. */
  async function strayKeys(fits: (name: string) => boolean): Promise<string[]> {
    const path = `/v1/${mount}/keys/`;
    const list = { method: "GET", path, query: { list: "true" } } as const;
    const keys = (await http.read(list, Keys))?.value.data.key_info ?? {};
    const used = new Set((await readIssuers(http, mount)).map(({ keyId }) => keyId));
    const strays = Object.entries(keys).filter(
      ([id, { key_name }]) => fits(key_name) && !used.has(id),
    );
    return strays.map(([id]) => `${KEY}${id}`);
  }

  /** Of its parent, too: an engine lists no more than what it has issued itself as revoked. */
  async function revokeIssuer({ id, certificate }: Issuer): Promise<void> {
    if ((await readDefaultIssuer(http, mount)).id === id) {
      const text = `${mount}: ${id} is the default issuer, and is not revoked: make another one the default`;
      throw new PortError("vault", "invalid", text);
    }
    if (parent && !certificate.checkIssued(certificate)) {
      const body = { serial_number: standingOf(certificate).accessor };
      const path = `/v1/${parent.mount}/revoke`;
      await http.send({ method: "POST", path, body, repeatable: true });
    }
    const path = `/v1/${mount}/issuer/${id}/revoke`;
    await http.send({ method: "POST", path, repeatable: true });
  }

  return {
    isRenewed: false,

    // Each time makes another one: it is not tried again.
    async mint(attempt, before) {
      await checkDefault(before);
      const others = await goodOnes();
      const { id, certificate, chain } = await makeCa(http, rotation, maker, attempt);
      const trusted = [certificate, ...chain, ...others.map((each) => each.certificate)];
      const value = { ca: bundleOf(trusted), accessor: id };
      return { ...standingAs(id, certificate), value };
    },

    async madeFor(attempt) {
      const keys = await strayKeys((name) => isKeyMadeFor(maker, attempt, name));
      // Which of those of former attempts somebody's certificate is of, no engine tells.
      if (!attempt) return keys;
      const issuers = (await goodOnes()).filter(({ certificate }) =>
        hasMark(maker, attempt, certificate.subjectAltName),
      );
      return [...issuers.map(({ id }) => id), ...keys];
    },

    async identify(value) {
      const found = await issuerIn(value);
      return found && standingAs(found.id, found.certificate);
    },

    async lookUp(accessor) {
      if (accessor.startsWith(KEY)) {
        const keys = await strayKeys(() => true);
        return keys.includes(accessor) ? { accessor } : undefined;
      }
      const found = await readIssuer(http, mount, accessor);
      if (!found || !isGood(found, clock.now())) return undefined;
      return standingAs(found.id, found.certificate);
    },

    async test(value) {
      const issuer = await issuerIn(value);
      const why = issuer
        ? (followingDefect(mount, await readDefaultIssuer(http, mount)) ??
          caDefect(issuer, rotation) ??
          (await tryIssuing(http, issuer, rotation, clock)))
        : `${mount}: it is revoked, has ended, or is not there`;
      return why === undefined ? { works: true } : { works: false, why };
    },

    async revoke(accessor) {
      if (accessor.startsWith(KEY)) {
        await http.send({ method: "DELETE", path: `/v1/${mount}/${accessor}`, repeatable: true });
        return;
      }
      const issuer = await readIssuer(http, mount, accessor);
      if (issuer && !issuer.isRevoked) await revokeIssuer(issuer);
    },

    issuing: {
      current: async () => (await readDefaultIssuer(http, mount)).id,
      takeOver: (accessor) => makeDefaultIssuer(http, mount, accessor),
      isTrustedBy(own, reader) {
        const { fingerprint256 } = ownCa(own);
        return trustedBy(reader).some((each) => each.fingerprint256 === fingerprint256);
      },
      cutsOff: (own, former, trust) => cutsOff(own, former, trust, clock.now()),
      hasIssued: (own, issued) => hasIssued(ownCa(own), certificatesOf(issued).own),
    },
  };
}

function standingAs(accessor: string, certificate: Issuer["certificate"]): Standing {
  return { ...standingOf(certificate), accessor };
}
