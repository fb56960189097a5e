import { AwsError } from "../aws-error.ts";
import type { AwsContext } from "../context.ts";
import { groupArn } from "./events.ts";
import type { Fleet } from "./fleet.ts";
import { capacity, type Group } from "./group.ts";
import { readyInPool } from "./warm-pool.ts";

/** The replacement of all instances of a group. */
export interface InstanceRefresh {
  readonly id: string;
  readonly group: string;
  readonly startedAt: Date;
  /** How much of the group stays in service; at least one instance is replaced at a time. */
  readonly minHealthyPercentage: number;
  /** Instances that were there at the start and still are. */
  readonly old: Set<string>;
  status: "InProgress" | "Successful" | "Cancelled";
}

/**
 * Instance refreshes as they are by default: old instances are ended first, and the next ones when
 * their successors are in service.
 */
export class InstanceRefreshes {
  readonly #context: AwsContext;
  readonly #fleet: Fleet;
  readonly #refreshes: InstanceRefresh[] = [];

  constructor(context: AwsContext, fleet: Fleet) {
    this.#context = context;
    this.#fleet = fleet;
  }

  /** @throws {AwsError} InstanceRefreshInProgress when one runs. */
  start(group: Group, minHealthyPercentage = 90): InstanceRefresh {
    if (this.#running(group)) {
      const text =
        "An Instance Refresh is already in progress and blocks the execution of this one.";
      throw new AwsError("InstanceRefreshInProgress", text);
    }
    const refresh: InstanceRefresh = {
      id: this.#context.ids.uuid(),
      group: group.name,
      startedAt: this.#context.clock.now(),
      minHealthyPercentage,
      old: new Set(capacity(group).map(({ instanceId }) => instanceId)),
      status: "InProgress",
    };
    this.#refreshes.unshift(refresh);
    this.#announce(refresh, "Started");
    // A pool's instances are nobody's capacity: all are replaced at once.
    for (const member of readyInPool(group)) this.#fleet.terminate(group, member);
    this.#fleet.reconcile(group);
    this.goOn(group);
    return refresh;
  }

  /** @throws {AwsError} ActiveInstanceRefreshNotFound when none runs. */
  cancel(group: Group): InstanceRefresh {
    const refresh = this.#running(group);
    if (!refresh) {
      const text = "No in progress or pending Instance Refresh found for the Auto Scaling group.";
      throw new AwsError("ActiveInstanceRefreshNotFound", text);
    }
    refresh.status = "Cancelled";
    this.#announce(refresh, "Cancelled");
    return refresh;
  }

  /** A group's refreshes, the latest first. */
  of(group: Group): InstanceRefresh[] {
    return this.#refreshes.filter((refresh) => refresh.group === group.name);
  }

  /** Takes the next instances when the group is as big as it is to be. */
  goOn(group: Group): void {
    const refresh = this.#running(group);
    if (!refresh) return;
    for (const id of refresh.old) if (!group.members.has(id)) refresh.old.delete(id);
    const present = capacity(group);
    const serving = present.filter(({ lifecycleState }) => lifecycleState === "InService");
    if (serving.length < group.desiredCapacity) return;
    const left = present.filter(({ instanceId }) => refresh.old.has(instanceId));
    if (left.length === 0) {
      refresh.status = "Successful";
      this.#announce(refresh, "Succeeded");
      return;
    }
    const share = (group.desiredCapacity * (100 - refresh.minHealthyPercentage)) / 100;
    const batch = left.slice(0, Math.max(1, Math.floor(share)));
    for (const member of batch) this.#fleet.terminate(group, member);
    this.#fleet.reconcile(group);
  }

  #running(group: Group): InstanceRefresh | undefined {
    return this.of(group).find(({ status }) => status === "InProgress");
  }

  #announce(refresh: InstanceRefresh, what: "Started" | "Succeeded" | "Cancelled"): void {
    this.#context.announce({
      source: "aws.autoscaling",
      detailType: `EC2 Auto Scaling Instance Refresh ${what}`,
      resources: [groupArn(this.#context, refresh.group)],
      detail: { InstanceRefreshId: refresh.id, AutoScalingGroupName: refresh.group },
    });
  }
}
