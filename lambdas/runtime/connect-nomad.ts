import { createNomad, type NomadOptions } from "../clients/nomad/create-nomad.ts";
import type { VaultSession } from "../clients/vault/vault-session.ts";
import type { Nomad } from "../domain/ports/nomad.ts";
import { tlsOptions } from "./tls-options.ts";
import { tokenSource } from "./token-source.ts";
import type { Wiring } from "./wiring.ts";

/**
 * Nomad as the configuration describes it. Its ACL token comes from Vault or from Secrets Manager, and
 * is fetched again when Nomad refuses it: it may have run out or been rotated.
 */
export async function connectNomad(
  wiring: Wiring,
  vault: VaultSession | undefined,
): Promise<Nomad> {
  return createNomad(await nomadOptions(wiring, vault));
}

/** What every client of Nomad's is told. */
export async function nomadOptions(
  wiring: Wiring,
  vault: VaultSession | undefined,
): Promise<NomadOptions> {
  const { nomad } = wiring.config;
  const { address, region, requestTimeoutSeconds, maxSockets } = nomad;
  const tls = await tlsOptions(nomad, wiring.secrets, wiring.clock);
  return {
    address,
    ...(region && { region }),
    ...(tls && { tls }),
    ...tokenSource(nomad, "nomad", vault, wiring),
    requestTimeoutSeconds,
    maxSockets,
  };
}
