import { validationError } from "../aws-error.ts";
import type { AwsContext } from "../context.ts";
import type { Ec2Model } from "../ec2-model.ts";
import { Fleet } from "./fleet.ts";
import { counts, type Group, type Member, setDesired, type WarmPool } from "./group.ts";
import { type GroupInput, makeGroup } from "./group-input.ts";
import { type Hook, type HookInput, type HookResult, makeHook } from "./hook.ts";
import type { HookNotifier } from "./hook-notifier.ts";
import { type InstanceRefresh, InstanceRefreshes } from "./instance-refresh.ts";
import { type AutoScalingTimings, Journeys } from "./journeys.ts";
import { type ActionReference, LifecycleActions, type Waiting } from "./lifecycle-actions.ts";

const TIMINGS: AutoScalingTimings = {
  waitBeginsSeconds: 1,
  proceedSeconds: 1,
  eventLeadSeconds: 0,
  healthCheckSeconds: 30,
  terminateHooksAfterAbandon: true,
};

/** Auto Scaling groups, their instances and lifecycle hooks. */
export class AutoScalingModel {
  readonly #context: AwsContext;
  readonly #actions: LifecycleActions;
  readonly #fleet: Fleet;
  readonly #refreshes: InstanceRefreshes;
  readonly #notifier: HookNotifier;
  readonly #groups = new Map<string, Group>();

  constructor(
    context: AwsContext,
    ec2: Ec2Model,
    notifier: HookNotifier,
    timings: Partial<AutoScalingTimings> = {},
  ) {
    this.#context = context;
    this.#notifier = notifier;
    this.#actions = new LifecycleActions(context.clock);
    const allTimings = { ...TIMINGS, ...timings };
    const journeys = new Journeys(context, this.#actions, allTimings, notifier);
    this.#fleet = new Fleet(context, ec2, journeys, allTimings);
    this.#refreshes = new InstanceRefreshes(context, this.#fleet);
    this.#fleet.onChange = (group) => this.#refreshes.goOn(group);
    ec2.onStateChange(({ id, state }) => {
      const member = this.findMember(id);
      if (!member) return;
      if (state === "running") this.#fleet.welcome(this.group(member.group), member);
      if (state === "shutting-down") this.#fleet.lost(this.group(member.group), member);
    });
  }

  createGroup(input: GroupInput): Group {
    if (this.#groups.has(input.name)) {
      throw validationError(`AutoScalingGroup by this name already exists - ${input.name}`);
    }
    const group = makeGroup(this.#context, input);
    this.#groups.set(group.name, group);
    for (const launch of input.instances ?? [])
      this.#fleet.launch(group, { ...launch, running: true });
    this.#fleet.reconcile(group);
    return group;
  }

  groups(): Group[] {
    return [...this.#groups.values()];
  }

  findGroup(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  /** @throws {AwsError} ValidationError when there is none. */
  group(name: string): Group {
    const group = this.findGroup(name);
    if (group) return group;
    throw validationError(`AutoScalingGroup name not found - no such group: ${name}`);
  }

  findMember(instanceId: string): Member | undefined {
    for (const { members } of this.#groups.values()) {
      const member = members.get(instanceId);
      if (member) return member;
    }
    return undefined;
  }

  members(): Member[] {
    return this.groups().flatMap((group) => [...group.members.values()]);
  }

  /** What an instance waits at now. */
  waitings(instanceId: string): Waiting[] {
    return this.#actions.of(instanceId);
  }

  putHook(groupName: string, input: HookInput): Hook {
    const { hooks } = this.group(groupName);
    const hook = makeHook(input, hooks.get(input.name));
    hooks.set(hook.name, hook);
    this.#notifier.put(hook, groupName);
    return hook;
  }

  /** Deletes a hook; who waits at it goes on: CONTINUE when terminating, ABANDON when launching. */
  deleteHook(groupName: string, name: string): void {
    const hook = this.group(groupName).hooks.get(name);
    if (!hook) throw validationError(`No Lifecycle Hook found with name: ${name}`);
    this.group(groupName).hooks.delete(name);
    const result = hook.transition === "terminating" ? "CONTINUE" : "ABANDON";
    this.#actions.completeAll(groupName, name, result);
  }

  heartbeat(reference: ActionReference): void {
    this.group(reference.group);
    this.#actions.heartbeat(reference);
  }

  complete(reference: ActionReference, result: HookResult): void {
    this.group(reference.group);
    this.#actions.complete(reference, result);
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

  /** Ends an instance of a group, with or without a replacement. */
  terminateInstance(instanceId: string, decrement: boolean): Member {
    const { group, member } = this.#memberOf(instanceId);
    if (member.lifecycleState.startsWith("Warmed:")) {
      throw validationError(
        `The instance ${instanceId} is in the warm pool and can't be terminated so.`,
      );
    }
    if (!counts(member)) return member;
    if (decrement) {
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
    const { group, member } = this.#memberOf(instanceId);
    group.desiredCapacity = Math.max(group.minSize, group.desiredCapacity - 1);
    this.#fleet.returnToPool(group, member);
  }

  /** A root-volume refresh: the hook is the same, the instance stays with a new disk. */
  replaceRootVolume(instanceId: string): void {
    const { group, member } = this.#memberOf(instanceId);
    this.#fleet.replaceRootVolume(group, member);
  }

  /**
   * Replaces every instance of a group, one after another or as many as may be missing.
   * @throws {AwsError} InstanceRefreshInProgress.
   */
  startInstanceRefresh(groupName: string, minHealthyPercentage?: number): InstanceRefresh {
    return this.#refreshes.start(this.group(groupName), minHealthyPercentage);
  }

  /** Replaces no more; what was begun ends. @throws {AwsError} ActiveInstanceRefreshNotFound. */
  cancelInstanceRefresh(groupName: string): InstanceRefresh {
    return this.#refreshes.cancel(this.group(groupName));
  }

  /** A group's refreshes, the latest first. */
  instanceRefreshes(groupName: string): InstanceRefresh[] {
    return this.#refreshes.of(this.group(groupName));
  }

  #memberOf(instanceId: string): { group: Group; member: Member } {
    for (const group of this.#groups.values()) {
      const member = group.members.get(instanceId);
      if (member) return { group, member };
    }
    throw validationError(
      `Instance Id not found - No managed instance found for instance ID: ${instanceId}`,
    );
  }
}
