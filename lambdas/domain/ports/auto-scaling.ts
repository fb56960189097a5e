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

/** One waiting of one instance at one hook. */
export interface LifecycleAction {
  readonly group: GroupName;
  readonly hook: string;
  readonly token: string;
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
}
