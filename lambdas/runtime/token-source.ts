import { createSecret, tokenIn } from "../clients/aws/secrets.ts";
import { createEngineToken } from "../clients/vault/engine-token.ts";
import type { VaultSession } from "../clients/vault/vault-session.ts";
import type { Wiring } from "./wiring.ts";

/** Where a token for Nomad or Consul comes from; at most one of the two. */
export interface TokenConfig {
  readonly tokenSecret?: string | undefined;
  readonly tokenFromVault?:
    | { readonly mount?: string | undefined; readonly role: string }
    | undefined;
}

/** Gives the token for each call, and another one when the server refused it. */
export interface TokenSource {
  token(): Promise<string | undefined>;
  refreshToken(): Promise<string | undefined>;
}

/**
 * The tokens of one of Vault's secrets engines, or the one in a secret, or none.
 * @param engine the engine's own name, which is where it is mounted if nothing else is said.
 */
export function tokenSource(
  { tokenSecret, tokenFromVault }: TokenConfig,
  engine: "nomad" | "consul",
  vault: VaultSession | undefined,
  { secrets, clock }: Wiring,
): TokenSource {
  if (tokenFromVault && vault) {
    const { mount = engine, role } = tokenFromVault;
    const { token, refresh } = createEngineToken(vault, { mount, role, clock });
    return { token, refreshToken: refresh };
  }
  if (!tokenSecret) return { token: nothing, refreshToken: nothing };
  const secret = createSecret(secrets, tokenSecret, clock);
  return {
    token: async () => tokenIn(await secret.text(), tokenSecret),
    refreshToken: async () => tokenIn(await secret.refresh(), tokenSecret),
  };
}

const nothing = async () => undefined;
