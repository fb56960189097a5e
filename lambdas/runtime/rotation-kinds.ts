import { consulGossipKey } from "../clients/consul/rotate/gossip-key.ts";
import { consulTokenKind } from "../clients/consul/rotate/token-kind.ts";
import { nomadGossipKey } from "../clients/nomad/rotate/gossip-key.ts";
import { nomadRootKey } from "../clients/nomad/rotate/root-key.ts";
import { nomadTokenKind } from "../clients/nomad/rotate/token-kind.ts";
import { vaultBarrierKey } from "../clients/vault/rotate/barrier-key.ts";
import { vaultCaKind } from "../clients/vault/rotate/ca-kind.ts";
import { vaultCertificateKind } from "../clients/vault/rotate/certificate-kind.ts";
import { vaultSecretIdKind } from "../clients/vault/rotate/secret-id-kind.ts";
import { vaultTokenKind } from "../clients/vault/rotate/token-kind.ts";
import type { VaultSession } from "../clients/vault/vault-session.ts";
import type { Rotation, RotationName } from "../contracts/config/rotate.ts";
import type { Config } from "../contracts/config.ts";
import type { Clock } from "../domain/ports/clock.ts";
import type { KeptKey, Kind } from "../domain/rotate/kind.ts";
import type { RotationPorts } from "../domain/rotate/ports.ts";
import type { MintingServers } from "./minting-servers.ts";

/** What a strategy has to know beside its server. */
interface Named {
  readonly config: Pick<Config, "name">;
  readonly clock: Clock;
}

/** The strategies of the rotations, over one client of each server that they need. */
export function createKinds(servers: MintingServers, wiring: Named): RotationPorts["kindOf"] {
  const made = new Map<RotationName, Kind | KeptKey>();
  return (rotation) => {
    const kind = made.get(rotation.name) ?? makeKind(rotation, servers, wiring);
    made.set(rotation.name, kind);
    return kind;
  };
}

function makeKind(
  rotation: Rotation,
  servers: MintingServers,
  { config, clock }: Named,
): Kind | KeptKey {
  const deployment = config.name;
  const vault = vaultOf(servers, rotation);
  switch (rotation.kind) {
    case "vault-token":
      return vaultTokenKind({ session: there(vault), rotation, deployment, clock });
    case "vault-secret-id":
      return vaultSecretIdKind({ session: there(vault), rotation, deployment });
    case "vault-certificate":
      return vaultCertificateKind({ session: there(vault), rotation, deployment, clock });
    case "vault-ca":
      return vaultCaKind({ session: there(vault), rotation, deployment, clock });
    case "vault-barrier-key":
      return vaultBarrierKey(there(vault));
    case "consul-token":
      return consulTokenKind({ session: there(servers.consul), rotation, deployment });
    case "consul-gossip-key":
      return consulGossipKey(there(servers.consul), clock);
    case "nomad-token":
      return nomadTokenKind({ session: there(servers.nomad), rotation, deployment, clock });
    case "nomad-gossip-key":
      return nomadGossipKey(there(servers.nomad), clock);
    case "nomad-root-key":
      return nomadRootKey(there(servers.nomad));
  }
}

/** The Vault that a rotation is made on, of those that need one. */
export function vaultOf(servers: MintingServers, { name }: Rotation): VaultSession | undefined {
  return servers.otherVaults.get(name) ?? servers.vault;
}

/** The configuration was checked to describe every server that a rotation needs. */
export function there<Server>(server: Server | undefined): Server {
  if (server) return server;
  throw new Error("rotate: a rotation needs a server that the configuration does not describe");
}
