import { type ConsulSession, createConsulSession } from "../clients/consul/consul-session.ts";
import type { ConsulOptions } from "../clients/consul/create-consul.ts";
import { createNomadSession, type NomadSession } from "../clients/nomad/nomad-session.ts";
import type { VaultSession } from "../clients/vault/vault-session.ts";
import { mintingServers } from "../contracts/config/minting.ts";
import { consulOptions } from "./connect-consul.ts";
import { nomadOptions } from "./connect-nomad.ts";
import { openVault } from "./connect-vault.ts";
import type { Wiring } from "./wiring.ts";

/** The servers that rotate-tokens needs; the others are undefined. */
export interface MintingServers {
  readonly vault: VaultSession | undefined;
  readonly consul: (ConsulSession & { readonly options: ConsulOptions }) | undefined;
  readonly nomad: NomadSession | undefined;
}

/** @param wiring with the tokens by which others are made (`asMinting`). */
export async function connectMintingServers(wiring: Wiring): Promise<MintingServers> {
  const needed = mintingServers(wiring.config);
  const vault = needed.includes("vault") ? await openVault(wiring) : undefined;
  const consul = needed.includes("consul") ? await consulOptions(wiring, vault) : undefined;
  return {
    vault,
    consul: consul && { ...createConsulSession(consul), options: consul },
    nomad: needed.includes("nomad")
      ? createNomadSession(await nomadOptions(wiring, vault))
      : undefined,
  };
}
