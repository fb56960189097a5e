import type { WatchedCredential } from "../../contracts/config/watched.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import { PortError } from "../../domain/ports/errors.ts";
import type { Watched } from "../../domain/rotate/watched.ts";
import { standingOf } from "../vault/rotate/certificate.ts";
import { firstToEnd } from "./first-to-end.ts";
import { lifetimeIn, type SecretCredential, type WatchServers } from "./lifetime-in.ts";

export interface WatchAccess {
  readonly servers: WatchServers;
  readonly clock: Clock;
  /** The text of a secret as it is now. @throws {PortError} naming the secret. */
  text(secret: string): Promise<string>;
}

/** A CA lives for so long that the last third of it would be an alarm for years. */
const CA_NOTICE_SECONDS = 90 * 86_400;

const TITLES: Readonly<Record<SecretCredential["kind"], string>> = {
  "nomad-token": "token",
  "consul-token": "token",
  "vault-secret-id": "secret id",
  jwt: "JWT",
  "client-certificate": "client certificate",
};

/** How to look at a credential, and what to say of it. */
export function createWatched(credential: WatchedCredential, access: WatchAccess): Watched {
  return credential.kind === "ca" ? watchedCa(credential) : watchedSecret(credential, access);
}

function watchedSecret(
  credential: SecretCredential,
  { servers, clock, text }: WatchAccess,
): Watched {
  const { kind, secret, fields } = credential;
  const lifetime = lifetimeIn(credential, servers, clock);
  const rotate = kind === "jwt" ? "" : ", or have it rotated: add it to rotate.of";
  return {
    name: fields[0],
    kind,
    secret,
    what: `the ${TITLES[kind]} in secret ${secret} (${fields.join(", ")})`,
    fix: `put a new one into the secret${rotate}`,
    look: async () => lifetime(await text(secret)),
  };
}

function watchedCa({
  kind,
  pem,
  fields,
}: Extract<WatchedCredential, { readonly kind: "ca" }>): Watched {
  const first = firstToEnd(pem);
  const subject = first ? `${first.subject.replaceAll("\n", ", ")} ` : "";
  return {
    name: fields[0],
    kind,
    what: `the CA certificate ${subject}(${fields.join(", ")})`,
    fix: "put what follows it beside it and deploy; take it out when no server's certificate is of it any more",
    noticeSeconds: CA_NOTICE_SECONDS,
    async look() {
      if (first) return standingOf(first);
      const text = `${fields[0]} holds no certificate in PEM that can be read`;
      throw new PortError("configuration", "invalid", text);
    },
  };
}
