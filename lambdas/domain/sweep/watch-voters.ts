import { METRICS } from "../../contracts/names.ts";
import type { NomadServer } from "../ports/nomad.ts";
import type { Look } from "./look.ts";
import type { LoneVoter } from "./memory.ts";
import type { SweepPorts } from "./ports.ts";
import { addressOf, loneVoters } from "./rules/lone-voters.ts";

/**
 * Tells of servers that count in raft and have no instance. A server that dies counts for up to 41 s more,
 * until autopilot takes it out: so it takes two sweeps, and it is told once.
 * @returns what is to be remembered of them.
 */
export async function watchVoters(
  servers: readonly NomadServer[] | undefined,
  before: readonly LoneVoter[],
  ports: SweepPorts,
  look: Look,
): Promise<readonly LoneVoter[]> {
  if (!servers) return before;
  const addresses = [...new Set(servers.map(addressOf))];
  const inUse = await look("the servers' instances", () =>
    ports.instances.addressesInUse(addresses),
  );
  if (!inUse) return before;
  const now: LoneVoter[] = [];
  for (const server of loneVoters(servers, inUse)) {
    const address = addressOf(server);
    const known = before.find((each) => each.address === address);
    if (known) ports.metrics.count(METRICS.voterWithoutInstance);
    const isTold = known && (known.told || (await look("Drover's bus", () => tell(server, ports))));
    now.push({ address, told: isTold === true });
  }
  return now;
}

async function tell({ name, address }: NomadServer, { outcomes, log, clock }: SweepPorts) {
  const why = `Nomad's server ${name} (${address}) counts in raft, and no running instance has its address`;
  log.warn(why);
  await outcomes.report({ finding: "raft-voter-without-instance", why, at: clock.now() });
  return true;
}
