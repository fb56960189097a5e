import { createConsulSession } from "../clients/consul/consul-session.ts";
import { createNomadSession } from "../clients/nomad/nomad-session.ts";
import type { VaultSession } from "../clients/vault/vault-session.ts";
import type { WatchServers } from "../clients/watch/lifetime-in.ts";
import type { RotationName } from "../contracts/config/rotate.ts";
import { consulOptions } from "./connect-consul.ts";
import { nomadOptions } from "./connect-nomad.ts";
import { openVault } from "./connect-vault.ts";
import { madeOnce } from "./made-once.ts";
import type { MintingServers } from "./minting-servers.ts";
import type { Wiring } from "./wiring.ts";

/**
 * The servers that are asked for what nobody rotates: those that rotations talk to, over the same connections,
 * and others once they are asked for the first time. One that can't be connected is no affair of the rotations.
 */
export function watchServers(wiring: Wiring, opened: MintingServers): WatchServers {
  const nomad = madeOnce(
    async () => opened.nomad ?? createNomadSession(await nomadOptions(wiring, undefined)),
  );
  const consul = madeOnce(async () => {
    if (opened.consul) return opened.consul;
    const options = await consulOptions(wiring, undefined);
    return createConsulSession(there(options, "consul"));
  });
  const vault = madeOnce(async () => there(opened.vault ?? (await openVault(wiring)), "vault"));
  const other = (rotation: RotationName): VaultSession =>
    there(opened.otherVaults.get(rotation), `rotate.of (${rotation}).server`);
  return {
    nomad,
    consul,
    vault: async ({ rotation }) => (rotation ? other(rotation) : vault()),
  };
}

/** What is watched is in a section of the configuration that describes its server. */
function there<Server>(server: Server | undefined, section: string): Server {
  if (server) return server;
  throw new Error(`${section}: is missing in the configuration, and something is watched there`);
}
