import { createVault } from "../clients/vault/create-vault.ts";
import { createVaultSession, type VaultSession } from "../clients/vault/vault-session.ts";
import type { VaultConfig } from "../contracts/config/server.ts";
import type { Vault } from "../domain/ports/vault.ts";
import { tlsOptions } from "./tls-options.ts";
import { vaultLogin } from "./vault-login.ts";
import type { Wiring } from "./wiring.ts";

/** A session with Vault as the configuration describes it, if it does. Nobody logs in yet. */
export async function openVault(wiring: Wiring): Promise<VaultSession | undefined> {
  return wiring.config.vault && openVaultAs(wiring.config.vault, "vault", wiring);
}

/** The same as a part of the configuration describes it. @param section its name, for what errors say. */
export async function openVaultAs(
  vault: VaultConfig,
  section: string,
  wiring: Wiring,
): Promise<VaultSession> {
  const { secrets, clock } = wiring;
  const { address, namespace, login, requestTimeoutSeconds, maxSockets } = vault;
  const tls = await tlsOptions(vault, secrets, clock);
  return createVaultSession({
    address,
    section,
    ...(namespace && { namespace }),
    ...(tls && { tls }),
    login: vaultLogin(login, wiring),
    clock,
    requestTimeoutSeconds,
    maxSockets,
  });
}

/** The secret ids of new instances, if they are given any. */
export function connectVault(
  { config }: Wiring,
  session: VaultSession | undefined,
): Vault | undefined {
  const introduction = config.introduction?.vault;
  if (!session || !introduction) return undefined;
  const { role, mount } = introduction;
  return createVault({ session, role, mount, deployment: config.name });
}
