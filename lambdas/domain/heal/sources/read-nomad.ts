import { leadOf } from "../../lead.ts";
import { bestNode } from "../../own-nodes.ts";
import type { Pass } from "../../pass.ts";
import { PortError } from "../../ports/errors.ts";
import type { NomadNode } from "../../ports/nomad.ts";
import type { Reading, Signs } from "../signs.ts";

/** Nomad's `failover_heartbeat_ttl`: so long a new leader waits for a client's first word. */
const NEW_LEADER_SECONDS = 300;

/** The instance's node in Nomad, and whether Nomad's silence about it means anything. */
export async function readNomad(
  pass: Pass,
): Promise<Reading<Pick<Signs, "nomad" | "hasNewLeader">>> {
  await lookAtLeader(pass);
  const hasNewLeader = isNew(pass);
  const after = hasNewLeader ? "; its leader is new" : "";
  const node = await bestNode(pass);
  pass.node = node;
  if (!node) {
    return { signs: { nomad: "missing", hasNewLeader }, said: `has no node of it${after}` };
  }
  if (pass.record.nomadNodeId !== node.id) {
    pass.record = { ...pass.record, nomadNodeId: node.id };
  }
  return { signs: { nomad: node.status, hasNewLeader }, said: `${describe(node)}${after}` };
}

/**
 * Notes who leads. Servers that could not be asked may have elected a leader meanwhile, and so forgotten who
 * was silent.
 */
async function lookAtLeader(pass: Pass): Promise<void> {
  const who = await lead(pass).catch((error) => {
    noteLeader(pass, "nobody known");
    throw error;
  });
  noteLeader(pass, who);
}

async function lead({ ports }: Pass): Promise<string> {
  const who = leadOf(await ports.nomad.servers());
  if (who) return who;
  throw new PortError("nomad", "unavailable", "Nomad has no leader");
}

function noteLeader(pass: Pass, who: string): void {
  const known = pass.healing.leader;
  if (known?.who === who) return;
  pass.heal({ leader: { who, ...(known && { changedAt: pass.now }) } });
}

function isNew({ healing, now }: Pass): boolean {
  const { changedAt } = healing.leader ?? {};
  if (!changedAt) return false;
  return now.getTime() - changedAt.getTime() < NEW_LEADER_SECONDS * 1_000;
}

function describe({ status, statusSince, eligible, nodePool, id }: NomadNode): string {
  const work = eligible ? "eligible" : "ineligible";
  return `${status} since ${statusSince.toISOString()}, ${work}, pool ${nodePool}, node ${id}`;
}
