import type { WatchedCredential, WatchedVault } from "../../contracts/config/watched.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import { PortError } from "../../domain/ports/errors.ts";
import type { Lifetime } from "../../domain/rotate/watched.ts";
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
import { deadForAWhile } from "./dead-for-a-while.ts";
import { firstToEnd } from "./first-to-end.ts";
import { jwtLifetime } from "./jwt-lifetime.ts";

/** Who is asked for credentials, with the credentials themselves. Methods throw a `PortError`. */
export interface WatchServers {
  nomad(): Promise<Pick<NomadSession, "as">>;
  consul(): Promise<Pick<ConsulSession, "as">>;
  vault(at: WatchedVault): Promise<Pick<VaultSession, "as">>;
}

/** One that is in a secret. */
export type SecretCredential = Exclude<WatchedCredential, { readonly kind: "ca" }>;

/**
 * How to ask how long a credential lives, by the text of its secret. What is asked resolves to undefined when its
 * server does not know it, and rejects with a `PortError` when that can't be seen.
 */
export function lifetimeIn(
  credential: SecretCredential,
  servers: WatchServers,
  clock: Clock,
): (text: string) => Promise<Lifetime | undefined> {
  const { kind, secret } = credential;
  switch (kind) {
    case "nomad-token":
      return async (text) => {
        const value = { token: tokenIn(text, secret) };
        const token = await readOwnNomadToken(await servers.nomad(), value);
        return token && standingOfAclToken(token);
      };
    case "consul-token":
      return async (text) => {
        const value = { token: tokenIn(text, secret) };
        const token = await readOwnConsulToken(await servers.consul(), value);
        return token && standingOfAclToken(token);
      };
    case "vault-secret-id": {
      const { at } = credential;
      return deadForAWhile(clock, async (text) =>
        readOwnSecretId(await servers.vault(at), at.mount, appRoleIn(text, secret)),
      );
    }
    case "jwt":
      return async (text) => jwtLifetime(tokenIn(text, secret)) ?? unreadable(secret, "a JWT");
    case "client-certificate":
      return async (text) => {
        const first = firstToEnd(clientCertificateIn(text, secret).certificate);
        if (first) return standingOfCertificate(first);
        return unreadable(secret, "a certificate in PEM in its field certificate");
      };
  }
}

function unreadable(secret: string, want: string): never {
  throw new PortError("secrets-manager", "invalid", `secret ${secret} must hold ${want}`);
}
