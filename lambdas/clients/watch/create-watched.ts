import type {
  WatchedCredential,
  WatchedKind,
  WatchedVault,
} from "../../contracts/config/watched.ts";
import { PortError } from "../../domain/ports/errors.ts";
import type { Lifetime, Watched } from "../../domain/rotate/watched.ts";
import { standingOf as standingOfAclToken } from "../acl-token-standing.ts";
import { appRoleIn, clientCertificateIn } from "../aws/login-secrets.ts";
import { tokenIn } from "../aws/secrets.ts";
import type { ConsulSession } from "../consul/consul-session.ts";
import { readOwnToken as readOwnConsulToken } from "../consul/rotate/own-token.ts";
import type { NomadSession } from "../nomad/nomad-session.ts";
import { readOwnToken as readOwnNomadToken } from "../nomad/rotate/own-token.ts";
import { readOwnSecretId } from "../vault/own-secret-id.ts";
import { standingOf as standingOfCertificate } from "../vault/rotate/certificate.ts";
import type { VaultSession } from "../vault/vault-session.ts";
import { firstToEnd } from "./first-to-end.ts";
import { jwtLifetime } from "./jwt-lifetime.ts";

/** Who is asked for credentials, with the credentials themselves. Methods throw a `PortError`. */
export interface WatchServers {
  nomad(): Promise<Pick<NomadSession, "as">>;
  consul(): Promise<Pick<ConsulSession, "as">>;
  vault(at: WatchedVault): Promise<Pick<VaultSession, "as">>;
}

export interface WatchAccess extends WatchServers {
  /** The text of a secret as it is now. @throws {PortError} naming the secret. */
  text(secret: string): Promise<string>;
}

/** A CA lives for so long that the last third of it would be an alarm for years. */
const CA_NOTICE_SECONDS = 90 * 86_400;

const TITLES: Readonly<Record<Exclude<WatchedKind, "ca">, string>> = {
  "nomad-token": "token",
  "consul-token": "token",
  "vault-secret-id": "secret id",
  jwt: "JWT",
  "client-certificate": "client certificate",
};

/** How to look at a credential, and what to say of it. */
export function createWatched(credential: WatchedCredential, access: WatchAccess): Watched {
  const { kind, fields } = credential;
  const named = fields.join(", ");
  const common = { name: fields[0], kind };
  if (credential.kind === "ca") {
    const first = firstToEnd(credential.pem);
    const subject = first?.subject.replaceAll("\n", ", ") ?? "";
    return {
      ...common,
      what: `the CA certificate ${subject} (${named})`,
      fix: "put what follows it beside it and deploy, and take out what no server's certificate is of any more",
      noticeSeconds: CA_NOTICE_SECONDS,
      look: async () => {
        if (first) return standingOfCertificate(first);
        throw unreadable(`${fields[0]} holds no certificate in PEM that can be read`);
      },
    };
  }
  const { secret } = credential;
  const isToRotate = kind !== "jwt";
  return {
    ...common,
    secret,
    what: `the ${TITLES[credential.kind]} in secret ${secret} (${named})`,
    fix: `put a new one into the secret${isToRotate ? ", or have it rotated: add it to rotate.of" : ""}`,
    look: async () => lookAt(credential, await access.text(secret), access),
  };
}

async function lookAt(
  credential: Exclude<WatchedCredential, { kind: "ca" }>,
  text: string,
  servers: WatchServers,
): Promise<Lifetime | undefined> {
  const { secret } = credential;
  switch (credential.kind) {
    case "nomad-token": {
      const token = await readOwnNomadToken(await servers.nomad(), {
        token: tokenIn(text, secret),
      });
      return token && standingOfAclToken(token);
    }
    case "consul-token": {
      const value = { token: tokenIn(text, secret) };
      const token = await readOwnConsulToken(await servers.consul(), value);
      return token && standingOfAclToken(token);
    }
    case "vault-secret-id": {
      const { at } = credential;
      return readOwnSecretId(await servers.vault(at), at.mount, appRoleIn(text, secret));
    }
    case "jwt": {
      const lifetime = jwtLifetime(tokenIn(text, secret));
      if (lifetime) return lifetime;
      throw unreadable(`secret ${secret} must hold a JWT`);
    }
    case "client-certificate": {
      const first = firstToEnd(clientCertificateIn(text, secret).certificate);
      if (first) return standingOfCertificate(first);
      throw unreadable(`secret ${secret} must hold a certificate in PEM in its field certificate`);
    }
  }
}

function unreadable(text: string): PortError {
  return new PortError("secrets-manager", "invalid", text);
}
