import { validationError } from "../aws-error.ts";
import type { AwsContext } from "../context.ts";
import type { Ec2Model } from "../ec2/ec2-model.ts";
import { Fleet } from "./fleet.ts";
import { counts, type Group, type Member, setDesired, type WarmPool } from "./group.ts";
import { type GroupInput, makeGroup } from "./group-input.ts";
import type { HookNotifier } from "./hook-notifier.ts";
import { HookedGroups } from "./hooked-groups.ts";
import { InstanceRefreshes } from "./instance-refresh.ts";
import { type AutoScalingTimings, Journeys } from "./journeys.ts";
import { processesNamed } from "./processes.ts";

const TIMINGS: AutoScalingTimings = {
  waitBeginsSeconds: 1,
  proceedSeconds: 1,
  eventLeadSeconds: 0,
  healthCheckSeconds: 30,
  replacesImpaired: false,
  terminateHooksAfterAbandon: true,
};

/** Auto Scaling groups, their instances and lifecycle hooks. */
export class AutoScalingModel extends HookedGroups {
  readonly refreshes: InstanceRefreshes;
  readonly #context: AwsContext;
  readonly #fleet: Fleet;

  constructor(
    context: AwsContext,
    ec2: Ec2Model,
    notifier: HookNotifier,
    timings: Partial<AutoScalingTimings> = {},
  ) {
    super(context.clock, notifier);
    this.#context = context;
    const allTimings = { ...TIMINGS, ...timings };
    const journeys = new Journeys(context, this.actions, allTimings, notifier);
    this.#fleet = new Fleet(context, ec2, journeys, allTimings);
    this.refreshes = new InstanceRefreshes(context, this.#fleet, (name) => this.group(name));
    this.#fleet.onChange = (group) => this.refreshes.goOn(group);
    ec2.onStateChange(({ id, state }) => {
      const member = this.findMember(id);
      if (!member) return;
      const group = this.group(member.group);
      if (state === "running") this.#fleet.welcome(group, member);
      if (state === "stopping") this.#fleet.health.lookSoon(group, member);
      if (state === "shutting-down") this.#fleet.lost(group, member);
    });
    ec2.checks.onChange((id) => {
      const member = this.findMember(id);
      if (member) this.#fleet.health.impaired(this.group(member.group), member);
    });
  }

  createGroup(input: GroupInput): Group {
    const group = makeGroup(this.#context, input);
    this.add(group);
    for (const launch of input.instances ?? [])
      this.#fleet.launch(group, { ...launch, running: true });
    this.#fleet.reconcile(group);
    return group;
  }

  setDesiredCapacity(groupName: string, desired: number): void {
    const group = this.group(groupName);
    setDesired(group, desired);
    this.#fleet.reconcile(group);
  }

  /** Changes a group's sizes; the desired capacity follows into the new bounds. */
  updateGroup(name: string, change: { min?: number; max?: number; desired?: number }): void {
    const group = this.group(name);
    group.minSize = change.min ?? group.minSize;
    group.maxSize = change.max ?? group.maxSize;
    const within = Math.min(group.maxSize, Math.max(group.minSize, group.desiredCapacity));
    setDesired(group, change.desired ?? within);
    this.#fleet.reconcile(group);
  }

  /**
   * Ends an instance of a group, with or without a replacement. It is also how one that is retained
   * ends; that does not count any more, so there is nothing to decrement.
   */
  terminateInstance(instanceId: string, decrement: boolean): Member {
    const { group, member } = this.memberOf(instanceId);
    const isRetained = member.lifecycleState.endsWith(":Retained");
    if (member.lifecycleState.startsWith("Warmed:") && !isRetained) {
      throw validationError(
        `The instance ${instanceId} is in the warm pool and can't be terminated so.`,
      );
    }
    if (!counts(member) && !isRetained) return member;
    if (decrement && !isRetained) {
      if (group.desiredCapacity <= group.minSize) {
        throw validationError(
          `Currently, desiredSize equals minSize (${group.minSize}). Terminating instance without replacement will violate group's min size constraint.`,
        );
      }
      group.desiredCapacity -= 1;
    }
    this.#fleet.terminate(group, member);
    this.#fleet.reconcile(group);
    return member;
  }

  /** Says how an instance is; the health check replaces one that is not well. */
  setInstanceHealth(instanceId: string, healthy: boolean, respectGracePeriod = true): void {
    const { group, member } = this.memberOf(instanceId);
    this.#fleet.health.set(group, member, healthy, respectGracePeriod);
  }

  /** Keeps instances of a group from being scaled in, and from nothing else. */
  protectInstances(groupName: string, instanceIds: readonly string[], isProtected = true): void {
    const { members } = this.group(groupName);
    const found = instanceIds.map((id) => members.get(id) ?? this.memberOf(id).member);
    for (const member of found) member.protectedFromScaleIn = isProtected;
  }

  /** Has a group not do what it does by itself: `Launch`, `ReplaceUnhealthy`, … @default all */
  suspendProcesses(groupName: string, names: readonly string[] = []): void {
    const { suspended } = this.group(groupName);
    for (const process of processesNamed(names)) suspended.add(process);
  }

  /** Has a group do it again, and what was left undone meanwhile. @default all */
  resumeProcesses(groupName: string, names: readonly string[] = []): void {
    const group = this.group(groupName);
    for (const process of processesNamed(names)) group.suspended.delete(process);
    this.#fleet.reconcile(group);
    this.#fleet.health.lookAtAll(group);
    this.refreshes.goOn(group);
  }

  /**
   * Gives a group a warm pool, or another one. Unless told otherwise the pool is stocked up to the
   * group's maximum size, as on AWS.
   */
  putWarmPool(groupName: string, pool: Partial<WarmPool> = {}): void {
    const group = this.group(groupName);
    group.warmPool = { minSize: 0, state: "Stopped", ...pool };
    this.#fleet.reconcile(group);
  }

  /** A scale-in into the warm pool: the hook is the same, the instance stays. */
  moveToWarmPool(instanceId: string): void {
    const { group, member } = this.memberOf(instanceId);
    group.desiredCapacity = Math.max(group.minSize, group.desiredCapacity - 1);
    this.#fleet.returnToPool(group, member);
  }

  /** A root-volume refresh: the hook is the same, the instance stays with a new disk. */
  replaceRootVolume(instanceId: string): void {
    const { group, member } = this.memberOf(instanceId);
    this.#fleet.replaceRootVolume(group, member);
  }
}
