import type { NomadServer } from "./ports/nomad.ts";

/**
 * Who leads, and in which term: after every election the timers start anew, also if the same server has
 * won it.
 * @returns undefined when nobody leads.
 */
export function leadOf(servers: readonly NomadServer[]): string | undefined {
  const leader = servers.find((server) => server.leader);
  return leader && `${leader.address} in term ${leader.term}`;
}
