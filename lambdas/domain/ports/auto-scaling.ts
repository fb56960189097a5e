import type { GroupName, InstanceId } from "../../contracts/ids.ts";

/** An instance as its Auto Scaling group sees it. */
export interface GroupInstance {
  readonly instanceId: InstanceId;
  readonly group: GroupName;
  /** `InService`, `Terminating:Wait`, `Warmed:Terminating:Wait`, … as Auto Scaling spells them. */
  readonly lifecycleState: string;
}

/** A lifecycle hook of a group. */
export interface LifecycleHook {
  readonly name: string;
  readonly transition: "launching" | "terminating";
  /** How long an instance waits before the hook gives up, unless a heartbeat restarts it. */
  readonly heartbeatTimeoutSeconds: number;
  /** How long an instance can wait at most, heartbeats or not. */
  readonly globalTimeoutSeconds: number;
  readonly defaultResult: "CONTINUE" | "ABANDON";
}

/** An instance among those of its group. */
export interface GroupMember {
  readonly instanceId: InstanceId;
  readonly lifecycleState: string;
  readonly zone: string;
  /** As Auto Scaling's health checks have it. */
  readonly healthy: boolean;
  readonly protectedFromScaleIn: boolean;
}

/** An Auto Scaling group with its instances; those in its warm pool are not among them. */
export interface ScalingGroup {
  readonly name: GroupName;
  readonly minSize: number;
  readonly desiredCapacity: number;
  /** Processes an operator has suspended: `Launch`, `ReplaceUnhealthy`, … */
  readonly suspendedProcesses: readonly string[];
  readonly members: readonly GroupMember[];
  readonly hasWarmPool: boolean;
}

/** One waiting of one instance at one hook. */
export interface LifecycleAction {
  readonly group: GroupName;
  readonly hook: string;
  /** Undefined when its event was never heard: then the instance's id says which waiting is meant. */
  readonly token: string | undefined;
  readonly instanceId: InstanceId;
}

/**
 * Auto Scaling. Methods throw a `PortError` of system `auto-scaling` (`throttled`, `unavailable`,
 * `denied`).
 */
export interface AutoScaling {
  /** The instance, or undefined when no group has it (any more). */
  instance(id: InstanceId): Promise<GroupInstance | undefined>;
  /** The hooks of a group; empty when it has none or is gone. */
  hooks(group: GroupName): Promise<LifecycleHook[]>;
  /** Restarts the hook's heartbeat timeout. `no-active-action`: nothing waits under that token. */
  heartbeat(action: LifecycleAction): Promise<"done" | "no-active-action">;
  /**
   * Ends the waiting. `no-active-action` comes when it is over already *and* when it has not quite
   * begun: look at the instance before believing either.
   */
  complete(
    action: LifecycleAction,
    result: "CONTINUE" | "ABANDON",
  ): Promise<"done" | "no-active-action">;
  /** A group and its instances, or undefined when there is none; at most 15 s old. */
  group(name: GroupName): Promise<ScalingGroup | undefined>;
  /** Whether an instance refresh of the group is pending, runs or is rolled back. */
  isRefreshing(name: GroupName): Promise<boolean>;
  /**
   * Has the group's health check replace the instance, without a change of the desired capacity.
   * @returns undefined when no group has it.
   */
  setUnhealthy(
    id: InstanceId,
    options: { readonly respectGracePeriod: boolean },
  ): Promise<"done" | undefined>;
  /** Ends an instance of a group, which launches another one; undefined when no group has it. */
  terminate(id: InstanceId): Promise<"done" | undefined>;
}
