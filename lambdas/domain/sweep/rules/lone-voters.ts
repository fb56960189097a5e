import type { NomadServer } from "../../ports/nomad.ts";

/** The IP address of a server's RPC. */
export function addressOf({ address }: NomadServer): string {
  return address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}

/**
 * Servers that count in raft, and whose address no instance has. Where EC2 knows no server at all, they
 * are elsewhere, and there is nothing to say.
 * @param inUse those of the servers' addresses that an instance has.
 */
export function loneVoters(
  servers: readonly NomadServer[],
  inUse: ReadonlySet<string>,
): NomadServer[] {
  if (inUse.size === 0) return [];
  return servers.filter((server) => server.voter && !inUse.has(addressOf(server)));
}
