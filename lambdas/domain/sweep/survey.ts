import type { Config } from "../../contracts/config.ts";
import type { GroupName, InstanceId } from "../../contracts/ids.ts";
import type { LifecycleHook } from "../ports/auto-scaling.ts";
import type {
  MarkedInstance,
  SurveyedGroup,
  SurveyedInstance,
  SurveyedMember,
  SurveyedNode,
  TroubledInstance,
} from "./ports.ts";

/** A Nomad node and the instance it is on. */
export interface PlacedNode extends SurveyedNode {
  readonly instanceId: InstanceId;
  /** Its zone and its pool are those of a group of Drover's, or of one of the same name in another account. */
  readonly mayBeOurs: boolean;
  /** Its latest drain is what has made it ineligible. Read only of those that Drover has drained. */
  readonly isOnlyDrained: boolean;
}

/** A node in Consul's catalog and the instance it is on. */
export interface PlacedEntry {
  readonly name: string;
  readonly instanceId: InstanceId;
  /** Serf calls its agent failed. */
  readonly failed: boolean;
  readonly hasAgent: boolean;
  /** By what Drover has written to it. */
  readonly group: GroupName | undefined;
}

/**
 * All sources side by side, as they were read once. What could not be read is undefined, and nothing
 * follows from it.
 */
export interface Survey {
  readonly now: Date;
  readonly config: Config;
  readonly groups: ReadonlyMap<GroupName, SurveyedGroup> | undefined;
  readonly members: ReadonlyMap<InstanceId, SurveyedMember> | undefined;
  /** Of the groups in which somebody waits. */
  readonly hooks: ReadonlyMap<GroupName, readonly LifecycleHook[]>;
  /** Those that were looked up or do not run; null: EC2 knows no such instance. */
  readonly instances: ReadonlyMap<InstanceId, SurveyedInstance | null> | undefined;
  readonly troubled: readonly TroubledInstance[] | undefined;
  readonly marked: readonly MarkedInstance[] | undefined;
  /** Whose SSM agent is silent. */
  readonly silent: readonly InstanceId[] | undefined;
  /** By instance. */
  readonly nodes: ReadonlyMap<InstanceId, readonly PlacedNode[]> | undefined;
  /** Whether Nomad's leader has led for so long that what is missing counts. */
  readonly isNomadSettled: boolean;
  /** In service, and known for some time to have no Nomad node. */
  readonly absent: readonly InstanceId[];
  readonly entries: readonly PlacedEntry[] | undefined;
  readonly isConsulSettled: boolean;
}

/** The instance's group has it in service; undefined when it has not, or nobody could look. */
export function inService({ members }: Survey, id: InstanceId): SurveyedMember | undefined {
  const member = members?.get(id);
  return member?.lifecycleState === "InService" ? member : undefined;
}

/** EC2 was asked and says that it runs. */
export function runs({ instances }: Survey, id: InstanceId): boolean {
  return instances?.get(id)?.state === "running";
}

/**
 * EC2 was asked, and the instance has ended.
 * @returns its group by its tag, null when EC2 has forgotten it; undefined when it has not ended, or
 *   nobody could look.
 */
export function endedOf(
  { instances }: Survey,
  id: InstanceId,
): { readonly group: GroupName | null } | undefined {
  const instance = instances?.get(id);
  if (instance === null) return { group: null };
  return instance?.state === "terminated" ? { group: instance.group } : undefined;
}

/** The instance's group by what Drover has written to Consul. */
export function describedGroup({ entries }: Survey, id: InstanceId): GroupName | undefined {
  return entries?.find(({ instanceId, group }) => instanceId === id && group)?.group;
}

/** Whether Drover looks after the group. */
export function isConfigured({ groups }: Config, group: GroupName | null | undefined): boolean {
  return groups.some(({ name }) => name === group);
}
