import { type ConsulSession, createConsulSession } from "../clients/consul/consul-session.ts";
import type { ConsulOptions } from "../clients/consul/create-consul.ts";
import { createNomadSession, type NomadSession } from "../clients/nomad/nomad-session.ts";
import type { VaultSession } from "../clients/vault/vault-session.ts";
import { mintingServers, otherVaults } from "../contracts/config/minting.ts";
import type { RotationName } from "../contracts/config/rotate.ts";
import { consulOptions } from "./connect-consul.ts";
import { nomadOptions } from "./connect-nomad.ts";
import { openVault, openVaultAs } from "./connect-vault.ts";
import type { Wiring } from "./wiring.ts";

/** The servers that rotate-tokens needs; the others are undefined. */
export interface MintingServers {
  readonly vault: VaultSession | undefined;
  /** Those other than the section `vault` describes, of the rotations that name them. */
  readonly otherVaults: ReadonlyMap<RotationName, VaultSession>;
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
    otherVaults: await openOthers(wiring),
    consul: consul && { ...createConsulSession(consul), options: consul },
    nomad: needed.includes("nomad")
      ? createNomadSession(await nomadOptions(wiring, vault))
      : undefined,
  };
}

async function openOthers(wiring: Wiring): Promise<MintingServers["otherVaults"]> {
  const opened = otherVaults(wiring.config).map(async ({ rotation, server }) => {
    const session = await openVaultAs(server, `rotate.of (${rotation}).server`, wiring);
    return [rotation, session] as const;
  });
  return new Map(await Promise.all(opened));
}
