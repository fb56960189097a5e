import { vaultBarrierKey } from "../clients/vault/rotate/barrier-key.ts";
import { vaultSecretIdKind } from "../clients/vault/rotate/secret-id-kind.ts";
import { vaultTokenKind } from "../clients/vault/rotate/token-kind.ts";
import type { VaultSession } from "../clients/vault/vault-session.ts";
import { mintingServers } from "../contracts/config/minting.ts";
import type { Rotation, RotationName } from "../contracts/config/rotate.ts";
import type { KeptKey, Kind } from "../domain/rotate/kind.ts";
import type { RotationPorts } from "../domain/rotate/ports.ts";
import { openVault } from "./connect-vault.ts";
import type { Wiring } from "./wiring.ts";

interface Servers {
  readonly vault: VaultSession | undefined;
}

/**
 * The strategies of the rotations, over one client of each server that they need.
 * @param wiring with the tokens by which others are made (`asMinting`).
 */
export async function connectKinds(wiring: Wiring): Promise<RotationPorts["kindOf"]> {
  const needed = mintingServers(wiring.config);
  const servers = { vault: needed.includes("vault") ? await openVault(wiring) : undefined };
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
    case "vault-barrier-key":
      return vaultBarrierKey(there(servers.vault));
    default:
      throw new Error(`${rotation.kind} can't be rotated yet`);
  }
}

/** The configuration was checked to describe every server that a rotation needs. */
function there<Server>(server: Server | undefined): Server {
  if (server) return server;
  throw new Error("rotate: a rotation needs a server that the configuration does not describe");
}
