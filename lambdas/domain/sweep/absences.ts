import type { InstanceId } from "../../contracts/ids.ts";
import { METRICS } from "../../contracts/names.ts";
import { hostNamesOf } from "./host-names.ts";
import type { Look } from "./look.ts";
import type { Absence, SweepMemory } from "./memory.ts";
import type { SurveyedInstance, SurveyedMember, SweepPorts } from "./ports.ts";
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
  readonly listed: ReadonlyMap<InstanceId, SurveyedInstance>;
  readonly now: Date;
}

/** Tells which instances in service have had no Nomad node for ten minutes. */
export async function findAbsences(
  { memory, members, nodes, listed, now }: AbsenceView,
  { nomad, metrics, log }: Pick<SweepPorts, "nomad" | "metrics" | "log">,
  look: Look,
): Promise<Absences> {
  if (!members || !nodes) return { absent: [], remembered: memory.absences };
  const missing = [...members.values()].filter(
    ({ instanceId, lifecycleState }) => lifecycleState === "InService" && !nodes.has(instanceId),
  );
  if (missing.length > MOST || (missing.length > 0 && nodes.size === 0)) {
    metrics.count(METRICS.sweepBlind);
    const instances = missing.length;
    log.warn("Nomad has no node of so many instances that it can't be the nodes", { instances });
    return { absent: [], remembered: [] };
  }
  const since = new Map(memory.absences.map((each) => [each.instanceId, each.since]));
  const remembered = missing.map(({ instanceId }) => ({
    instanceId,
    since: since.get(instanceId) ?? now,
  }));
  const due = remembered.filter(
    (each) => now.getTime() - each.since.getTime() >= ABSENT_SECONDS * 1_000,
  );
  // A name can be another than expected: then a field of the full node names the instance.
  const found = await look("Nomad's nodes of some instances", () =>
    Promise.all(
      due.map(({ instanceId }) => {
        const instance = listed.get(instanceId);
        return nomad.hasNodeOn(instanceId, instance ? hostNamesOf(instance) : []);
      }),
    ),
  );
  const present = new Set(due.filter((_, index) => found?.[index]).map((each) => each.instanceId));
  return {
    absent: found ? due.map((each) => each.instanceId).filter((id) => !present.has(id)) : [],
    // Asked about again when another ten minutes have passed.
    remembered: remembered.map((each) =>
      present.has(each.instanceId) ? { ...each, since: now } : each,
    ),
  };
}
