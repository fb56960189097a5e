import type { InstanceId } from "../../contracts/ids.ts";
import { inTurn } from "./in-turn.ts";
import type { Look } from "./look.ts";
import type { SurveyedInstance, SweepPorts } from "./ports.ts";
import type { PlacedEntry, PlacedNode } from "./survey.ts";

/** Instances that are looked up in one sweep. */
const MOST = 1_000;

/** What is not well in Nomad or Consul, and what EC2 has told already. */
interface Unwell {
  readonly listed: ReadonlyMap<InstanceId, SurveyedInstance>;
  readonly nodes: ReadonlyMap<InstanceId, readonly PlacedNode[]> | undefined;
  readonly entries: readonly PlacedEntry[] | undefined;
  readonly absent: readonly InstanceId[];
}

/**
 * Asks EC2 for the instances of all that is not well: a list of instances can be a moment old, and does
 * not tell what is not on it.
 * @returns all that EC2 has said; null for an instance that it does not know.
 */
export async function lookUp(
  { listed, nodes, entries, absent }: Unwell,
  { instances, clock }: Pick<SweepPorts, "instances" | "clock">,
  look: Look,
): Promise<ReadonlyMap<InstanceId, SurveyedInstance | null>> {
  const down = [...(nodes ?? [])].flatMap(([id, all]) =>
    all.every(({ status }) => status === "down") ? [id] : [],
  );
  const failed = (entries ?? []).flatMap(({ instanceId, failed: isFailed, hasAgent }) =>
    isFailed || !hasAgent ? [instanceId] : [],
  );
  const open = [...new Set([...down, ...failed, ...absent])].filter((id) => !listed.has(id));
  const ids = inTurn(open, MOST, clock.now());
  const found =
    ids.length > 0 ? await look("some of EC2's instances", () => instances.byId(ids)) : [];
  const byId = new Map<InstanceId, SurveyedInstance | null>(listed);
  if (!found) return byId;
  for (const id of ids) byId.set(id, null);
  for (const instance of found) byId.set(instance.id, instance);
  return byId;
}
