import { type ConsulSession, createConsulSession } from "../clients/consul/consul-session.ts";
import { consulGossipKey } from "../clients/consul/rotate/gossip-key.ts";
import { consulTokenKind } from "../clients/consul/rotate/token-kind.ts";
import { createNomadSession, type NomadSession } from "../clients/nomad/nomad-session.ts";
import { nomadGossipKey } from "../clients/nomad/rotate/gossip-key.ts";
import { nomadRootKey } from "../clients/nomad/rotate/root-key.ts";
import { nomadTokenKind } from "../clients/nomad/rotate/token-kind.ts";
import { vaultBarrierKey } from "../clients/vault/rotate/barrier-key.ts";
import { vaultCertificateKind } from "../clients/vault/rotate/certificate-kind.ts";
import { vaultSecretIdKind } from "../clients/vault/rotate/secret-id-kind.ts";
import { vaultTokenKind } from "../clients/vault/rotate/token-kind.ts";
import type { VaultSession } from "../clients/vault/vault-session.ts";
import { mintingServers } from "../contracts/config/minting.ts";
import type { Rotation, RotationName } from "../contracts/config/rotate.ts";
import type { KeptKey, Kind } from "../domain/rotate/kind.ts";
import type { RotationPorts } from "../domain/rotate/ports.ts";
import { consulOptions } from "./connect-consul.ts";
import { nomadOptions } from "./connect-nomad.ts";
import { openVault } from "./connect-vault.ts";
import type { Wiring } from "./wiring.ts";

interface Servers {
  readonly vault: VaultSession | undefined;
  readonly consul: ConsulSession | undefined;
  readonly nomad: NomadSession | undefined;
}

/**
 * The strategies of the rotations, over one client of each server that they need.
 * @param wiring with the tokens by which others are made (`asMinting`).
 */
export async function connectKinds(wiring: Wiring): Promise<RotationPorts["kindOf"]> {
  const needed = mintingServers(wiring.config);
  const vault = needed.includes("vault") ? await openVault(wiring) : undefined;
  const servers = {
    vault,
    consul: needed.includes("consul") ? await openConsul(wiring, vault) : undefined,
    nomad: needed.includes("nomad")
      ? createNomadSession(await nomadOptions(wiring, vault))
      : undefined,
  };
  const made = new Map<RotationName, Kind | KeptKey>();
  return (rotation) => {
    const kind = made.get(rotation.name) ?? makeKind(rotation, servers, wiring);
    made.set(rotation.name, kind);
    return kind;
  };
}

function makeKind(rotation: Rotation, servers: Servers, { config, clock }: Wiring): Kind | KeptKey {
  const deployment = config.name;
  switch (rotation.kind) {
    case "vault-token":
      return vaultTokenKind({ session: there(servers.vault), rotation, deployment, clock });
    case "vault-secret-id":
      return vaultSecretIdKind({ session: there(servers.vault), rotation, deployment });
    case "vault-certificate":
      return vaultCertificateKind({ session: there(servers.vault), rotation, deployment, clock });
    case "vault-barrier-key":
      return vaultBarrierKey(there(servers.vault));
    case "consul-token":
      return consulTokenKind({ session: there(servers.consul), rotation });
    case "consul-gossip-key":
      return consulGossipKey(there(servers.consul), clock);
    case "nomad-token":
      return nomadTokenKind({ session: there(servers.nomad), rotation, clock });
    case "nomad-gossip-key":
      return nomadGossipKey(there(servers.nomad), clock);
    case "nomad-root-key":
      return nomadRootKey(there(servers.nomad));
  }
}

async function openConsul(
  wiring: Wiring,
  vault: VaultSession | undefined,
): Promise<ConsulSession | undefined> {
  const options = await consulOptions(wiring, vault);
  return options && createConsulSession(options);
}

/** The configuration was checked to describe every server that a rotation needs. */
function there<Server>(server: Server | undefined): Server {
  if (server) return server;
  throw new Error("rotate: a rotation needs a server that the configuration does not describe");
}
