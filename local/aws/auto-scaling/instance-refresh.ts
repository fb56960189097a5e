import { plusSeconds } from "../../clock.ts";
import { AwsError } from "../aws-error.ts";
import type { AwsContext } from "../context.ts";
import { groupArn } from "./events.ts";
import type { Fleet } from "./fleet.ts";
import { capacity, type Group } from "./group.ts";
import { does } from "./processes.ts";
import { type InstanceRefresh, PREFERENCES, type RefreshPreferences } from "./refresh.ts";
import { readyInPool } from "./warm-pool.ts";

/**
 * Instance refreshes as they are by default: old instances are ended first, and the next ones when
 * their successors are in service.
 */
export class InstanceRefreshes {
  readonly #context: AwsContext;
  readonly #fleet: Fleet;
  readonly #groupNamed: (name: string) => Group;
  readonly #refreshes: InstanceRefresh[] = [];

  constructor(context: AwsContext, fleet: Fleet, groupNamed: (name: string) => Group) {
    this.#context = context;
    this.#fleet = fleet;
    this.#groupNamed = groupNamed;
  }

  /** @throws {AwsError} InstanceRefreshInProgress when one runs. */
  start(name: string, preferences: Partial<RefreshPreferences> = {}): InstanceRefresh {
    const group = this.#groupNamed(name);
    if (this.#running(name)) {
      const text =
        "An Instance Refresh is already in progress and blocks the execution of this one.";
      throw new AwsError("InstanceRefreshInProgress", text);
    }
    const original = new Set(capacity(group).map(({ instanceId }) => instanceId));
    const refresh: InstanceRefresh = {
      ...PREFERENCES,
      ...preferences,
      id: this.#context.ids.uuid(),
      group: group.name,
      startedAt: this.#context.clock.now(),
      old: new Set(original),
      original,
      status: "InProgress",
      checkpointsReached: 0,
    };
    this.#refreshes.unshift(refresh);
    this.#announce(refresh, "Started");
    // A pool's instances are nobody's capacity: all are replaced at once.
    for (const member of readyInPool(group)) this.#fleet.terminate(group, member);
    this.#fleet.reconcile(group);
    this.goOn(group);
    return refresh;
  }

  /** Replaces no more. @throws {AwsError} ActiveInstanceRefreshNotFound when none runs. */
  cancel(name: string): InstanceRefresh {
    return this.#end(this.#active(name), "Cancelled", "Cancelled");
  }

  /** It does not come to its end: a new instance is unhealthy for too long, or an alarm is on. */
  fail(name: string, why = "The instances failed their health checks."): InstanceRefresh {
    const refresh = this.#active(name);
    refresh.statusReason = why;
    if (refresh.status === "InProgress") return this.#end(refresh, "Failed", "Failed");
    return this.#end(refresh, "RollbackFailed", "Rollback Failed");
  }

  /** Replaces what was launched meanwhile, by instances as they were before. */
  rollback(name: string): InstanceRefresh {
    const group = this.#groupNamed(name);
    const refresh = this.#active(name);
    const added = capacity(group).filter(({ instanceId }) => !refresh.original.has(instanceId));
    refresh.goesOn?.();
    refresh.goesOn = undefined;
    refresh.old = new Set(added.map(({ instanceId }) => instanceId));
    refresh.status = "RollbackInProgress";
    this.#announce(refresh, "Rollback Started");
    this.goOn(group);
    return refresh;
  }

  /** A group's refreshes, the latest first. */
  of(name: string): InstanceRefresh[] {
    const group = this.#groupNamed(name);
    return this.#refreshes.filter((refresh) => refresh.group === group.name);
  }

  /** Takes the next instances when the group is as big as it is to be. */
  goOn(group: Group): void {
    const refresh = this.#running(group.name);
    if (!refresh || !does(group, "InstanceRefresh")) return;
    for (const id of refresh.old) if (!group.members.has(id)) refresh.old.delete(id);
    const present = capacity(group);
    const serving = present.filter(({ lifecycleState }) => lifecycleState === "InService");
    if (serving.length < group.desiredCapacity || refresh.goesOn) return;
    const left = present.filter(({ instanceId }) => refresh.old.has(instanceId));
    if (left.length === 0) {
      if (refresh.status === "InProgress") this.#end(refresh, "Successful", "Succeeded");
      else this.#end(refresh, "RollbackSuccessful", "Rollback Succeeded");
      return;
    }
    const untilCheckpoint = this.#untilCheckpoint(refresh, left.length);
    if (untilCheckpoint <= 0) {
      this.#pause(refresh, group);
      return;
    }
    const share = (group.desiredCapacity * (100 - refresh.minHealthyPercentage)) / 100;
    const batch = left.slice(0, Math.min(untilCheckpoint, Math.max(1, Math.floor(share))));
    for (const member of batch) this.#fleet.terminate(group, member);
    this.#fleet.reconcile(group);
  }

  /** How many may be replaced until the next checkpoint. */
  #untilCheckpoint(refresh: InstanceRefresh, left: number): number {
    const percentage = refresh.checkpointPercentages[refresh.checkpointsReached];
    if (percentage === undefined || refresh.status !== "InProgress") return left;
    const replaced = refresh.original.size - left;
    return Math.ceil((refresh.original.size * percentage) / 100) - replaced;
  }

  #pause(refresh: InstanceRefresh, group: Group): void {
    const { checkpointDelaySeconds, checkpointPercentages } = refresh;
    this.#announce(refresh, "Checkpoint Reached", {
      CheckpointPercentage: String(checkpointPercentages[refresh.checkpointsReached]),
      CheckpointDelay: String(checkpointDelaySeconds),
    });
    refresh.checkpointsReached += 1;
    const { clock } = this.#context;
    refresh.goesOn = clock.at(plusSeconds(clock.now(), checkpointDelaySeconds), () => {
      refresh.goesOn = undefined;
      this.goOn(group);
    });
  }

  #end(refresh: InstanceRefresh, status: InstanceRefresh["status"], told: string): InstanceRefresh {
    refresh.goesOn?.();
    refresh.goesOn = undefined;
    refresh.status = status;
    this.#announce(refresh, told);
    return refresh;
  }

  #active(name: string): InstanceRefresh {
    const refresh = this.#running(name);
    if (refresh) return refresh;
    const text = "No in progress or pending Instance Refresh found for the Auto Scaling group.";
    throw new AwsError("ActiveInstanceRefreshNotFound", text);
  }

  #running(name: string): InstanceRefresh | undefined {
    return this.of(name).find(({ status }) => /InProgress$/.test(status));
  }

  #announce(refresh: InstanceRefresh, what: string, more: Record<string, string> = {}): void {
    this.#context.announce({
      source: "aws.autoscaling",
      detailType: `EC2 Auto Scaling Instance Refresh ${what}`,
      resources: [groupArn(this.#context, refresh.group)],
      detail: { InstanceRefreshId: refresh.id, AutoScalingGroupName: refresh.group, ...more },
    });
  }
}
