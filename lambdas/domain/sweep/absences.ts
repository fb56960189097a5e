import type { InstanceId } from "../../contracts/ids.ts";
import { METRICS } from "../../contracts/names.ts";
import { hostNamesOf } from "./host-names.ts";
import type { Host } from "./known-hosts.ts";
import type { Look } from "./look.ts";
import type { Absence, SweepMemory } from "./memory.ts";
import type { SurveyedMember, SweepPorts } from "./ports.ts";
import type { PlacedNode } from "./survey.ts";

/** An instance in service has to be without a Nomad node for so long. */
const ABSENT_SECONDS = 600;
/** If more are, or all, it is not the nodes: the servers lost their state, or names are not as configured. */
const MOST = 200;

/** What is known of instances in service without a Nomad node. */
export interface Absences {
  /** Those that have been without one for long enough, and that no field of any node names. */
  readonly absent: readonly InstanceId[];
  readonly remembered: readonly Absence[];
}

/** What the absences of this sweep are told from. */
export interface AbsenceView {
  readonly memory: SweepMemory;
  readonly members: ReadonlyMap<InstanceId, SurveyedMember> | undefined;
  readonly nodes: ReadonlyMap<InstanceId, readonly PlacedNode[]> | undefined;
  /** What instances are called; undefined where they have the names of their instances. */
  readonly hosts: ReadonlyMap<InstanceId, Host> | undefined;
  readonly now: Date;
}

/** Tells which instances in service have had no Nomad node for ten minutes. */
export async function findAbsences(
  { memory, members, nodes, hosts, now }: AbsenceView,
  { nomad, metrics, log }: Pick<SweepPorts, "nomad" | "metrics" | "log">,
  look: Look,
): Promise<Absences> {
  if (!members || !nodes) return { absent: [], remembered: memory.absences };
  const missing = [...members.values()].filter(
    ({ instanceId: id, lifecycleState }) =>
      lifecycleState === "InService" && !nodes.has(id) && (!hosts || hosts.has(id)),
  );
  if (missing.length > MOST || (missing.length > 0 && nodes.size === 0)) {
    metrics.count(METRICS.sweepBlind);
    const instances = missing.length;
    log.warn("Nomad has no node of so many instances that it can't be the nodes", { instances });
    return { absent: [], remembered: [] };
  }
  const since = new Map(memory.absences.map((each) => [each.instanceId, each.since]));
  const lasting = missing.map(({ instanceId }) => ({
    instanceId,
    since: since.get(instanceId) ?? now,
  }));
  // Of one whose name is not known yet nothing is learned, and nothing forgotten.
  const unsure = memory.absences.filter(({ instanceId: id }) => members.has(id) && !hosts?.has(id));
  const remembered = [...lasting, ...(hosts ? unsure : [])];
  const due = lasting
    .filter((each) => now.getTime() - each.since.getTime() >= ABSENT_SECONDS * 1_000)
    .map(({ instanceId }) => instanceId);
  const present = await presentOnes(due, hosts, nomad, look);
  return {
    absent: present ? due.filter((id) => !present.has(id)) : [],
    // Asked about again when another ten minutes have passed.
    remembered: remembered.map((each) =>
      present?.has(each.instanceId) ? { ...each, since: now } : each,
    ),
  };
}

// A name can be another than expected: then a field of the full node names the instance.
async function presentOnes(
  ids: readonly InstanceId[],
  hosts: AbsenceView["hosts"],
  nomad: SweepPorts["nomad"],
  look: Look,
): Promise<ReadonlySet<InstanceId> | undefined> {
  const found = await look("Nomad's nodes of some instances", () =>
    Promise.all(
      ids.map((id) => {
        const host = hosts?.get(id);
        return nomad.hasNodeOn(id, host ? hostNamesOf(host) : []);
      }),
    ),
  );
  return found && new Set(ids.filter((_, index) => found[index]));
}
