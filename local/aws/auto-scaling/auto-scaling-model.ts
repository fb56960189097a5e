import { plusSeconds } from "../../clock.ts";
import { validationError } from "../aws-error.ts";
import type { AwsContext } from "../context.ts";
import type { Ec2Model, Launch } from "../ec2-model.ts";
import { activityEvent } from "./events.ts";
import { counts, type Group, type Member, nextToScaleIn, setDesired } from "./group.ts";
import { type Hook, type HookInput, type HookResult, makeHook } from "./hook.ts";
import type { HookNotifier } from "./hook-notifier.ts";
import { type AutoScalingTimings, Journeys } from "./journeys.ts";
import { type ActionReference, LifecycleActions, type Waiting } from "./lifecycle-actions.ts";
import { PASSAGES } from "./passage.ts";

/** How to make a group. Its `instances` are in service at once; others are launched. */
export interface GroupInput {
  readonly name: string;
  readonly minSize?: number;
  readonly maxSize?: number;
  /** @default as many as there are instances */
  readonly desiredCapacity?: number;
  readonly zones?: readonly string[];
  readonly hooks?: readonly HookInput[];
  readonly instances?: readonly Launch[];
}

const TIMINGS: AutoScalingTimings = {
  waitBeginsSeconds: 1,
  proceedSeconds: 1,
  eventLeadSeconds: 0,
  healthCheckSeconds: 30,
};

/** Auto Scaling groups, their instances and lifecycle hooks. */
export class AutoScalingModel {
  readonly #context: AwsContext;
  readonly #ec2: Ec2Model;
  readonly #timings: AutoScalingTimings;
  readonly #actions: LifecycleActions;
  readonly #journeys: Journeys;
  readonly #notifier: HookNotifier;
  readonly #groups = new Map<string, Group>();

  constructor(
    context: AwsContext,
    ec2: Ec2Model,
    notifier: HookNotifier,
    timings: Partial<AutoScalingTimings> = {},
  ) {
    this.#context = context;
    this.#ec2 = ec2;
    this.#timings = { ...TIMINGS, ...timings };
    this.#notifier = notifier;
    this.#actions = new LifecycleActions(context.clock);
    this.#journeys = new Journeys(context, this.#actions, this.#timings, notifier);
    ec2.onStateChange(({ id, state }) => {
      if (state === "running") this.#welcome(id);
      if (state === "shutting-down") this.#missed(id);
    });
  }

  createGroup(input: GroupInput): Group {
    if (this.#groups.has(input.name)) {
      throw validationError(`AutoScalingGroup by this name already exists - ${input.name}`);
    }
    const instances = input.instances ?? [];
    const desiredCapacity = input.desiredCapacity ?? instances.length;
    const group: Group = {
      name: input.name,
      zones: input.zones ?? [`${this.#context.region}a`],
      minSize: input.minSize ?? 0,
      maxSize: input.maxSize ?? Math.max(desiredCapacity, 1_000),
      desiredCapacity,
      hooks: new Map((input.hooks ?? []).map((hook) => [hook.name, makeHook(hook)])),
      members: new Map(),
    };
    this.#groups.set(group.name, group);
    for (const launch of instances) this.#launch(group, { ...launch, running: true });
    this.#reconcile(group);
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
    this.#reconcile(group);
  }

  /** Changes a group's sizes; the desired capacity follows into the new bounds. */
  updateGroup(name: string, change: { min?: number; max?: number; desired?: number }): void {
    const group = this.group(name);
    group.minSize = change.min ?? group.minSize;
    group.maxSize = change.max ?? group.maxSize;
    const within = Math.min(group.maxSize, Math.max(group.minSize, group.desiredCapacity));
    setDesired(group, change.desired ?? within);
    this.#reconcile(group);
  }

  /** Ends an instance of a group, with or without a replacement. */
  terminateInstance(instanceId: string, decrement: boolean): Member {
    const { group, member } = this.#memberOf(instanceId);
    if (!counts(member)) return member;
    if (decrement) {
      if (group.desiredCapacity <= group.minSize) {
        throw validationError(
          `Currently, desiredSize equals minSize (${group.minSize}). Terminating instance without replacement will violate group's min size constraint.`,
        );
      }
      group.desiredCapacity -= 1;
    }
    this.#terminate(group, member);
    this.#reconcile(group);
    return member;
  }

  /** A scale-in into the warm pool: the hook is the same, the instance stays. */
  moveToWarmPool(instanceId: string): void {
    const { group, member } = this.#memberOf(instanceId);
    group.desiredCapacity = Math.max(group.minSize, group.desiredCapacity - 1);
    this.#journeys.start(group, member, PASSAGES.toWarmPool, () => {
      member.lifecycleState = "Warmed:Stopped";
    });
  }

  /** A root-volume refresh: the hook is the same, the instance stays with a new disk. */
  replaceRootVolume(instanceId: string): void {
    const { group, member } = this.#memberOf(instanceId);
    this.#journeys.start(group, member, PASSAGES.replaceRootVolume, () => {
      member.lifecycleState = "InService";
    });
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

  #reconcile(group: Group): void {
    const present = [...group.members.values()].filter(counts).length;
    for (let n = present; n < group.desiredCapacity; n++) this.#launch(group, {});
    for (let n = present; n > group.desiredCapacity; n--) {
      const member = nextToScaleIn(group);
      if (!member) return;
      this.#terminate(group, member);
    }
  }

  #launch(group: Group, launch: Launch): void {
    const zone = launch.zone ?? group.zones[group.members.size % group.zones.length];
    const id = launch.id ?? this.#context.ids.instanceId();
    const member: Member = {
      instanceId: id,
      group: group.name,
      zone: zone ?? `${this.#context.region}a`,
      launchedAt: this.#context.clock.now(),
      lifecycleState: launch.running ? "InService" : "Pending",
      protectedFromScaleIn: false,
    };
    group.members.set(id, member);
    this.#ec2.run({ ...launch, id, zone: member.zone });
  }

  #welcome(instanceId: string): void {
    const member = this.findMember(instanceId);
    if (member?.lifecycleState !== "Pending") return;
    const group = this.group(member.group);
    this.#journeys.start(group, member, PASSAGES.launch, (result) => {
      if (result === "ABANDON") {
        // Terminate hooks are left out here; what AWS does with them then was not tried.
        this.#letGo(group, member);
        return;
      }
      member.lifecycleState = "InService";
      this.#context.announce(activityEvent(this.#context, "Launch", member));
      this.#reconcile(group);
    });
  }

  #terminate(group: Group, member: Member): void {
    this.#actions.drop(member.instanceId);
    this.#journeys.start(group, member, PASSAGES.terminate, () => this.#letGo(group, member));
  }

  /** Has EC2 end the instance; the group forgets it when EC2 says so. */
  #letGo(group: Group, member: Member): void {
    member.lifecycleState = "Terminating:Proceed";
    const forget = () => {
      group.members.delete(member.instanceId);
      this.#context.announce(activityEvent(this.#context, "Terminate", member));
      this.#reconcile(group);
    };
    const state = this.#ec2.find(member.instanceId)?.state;
    if (state === undefined || state === "terminated") {
      forget();
      return;
    }
    const stop = this.#ec2.onStateChange((instance) => {
      if (instance.id !== member.instanceId || instance.state !== "terminated") return;
      stop();
      forget();
    });
    this.#ec2.terminate(member.instanceId);
    this.#reconcile(group);
  }

  /** An instance ended without its group's doing: the health check replaces it, hooks and all. */
  #missed(instanceId: string): void {
    const { clock } = this.#context;
    const member = this.findMember(instanceId);
    if (member?.lifecycleState !== "InService") return;
    const group = this.group(member.group);
    clock.at(plusSeconds(clock.now(), this.#timings.healthCheckSeconds), () => {
      if (member.lifecycleState !== "InService") return;
      this.#terminate(group, member);
      this.#reconcile(group);
    });
  }
}
