import { plusSeconds } from "../../clock.ts";
import type { AwsContext } from "../context.ts";
import type { Ec2Model, Launch } from "../ec2-model.ts";
import { activityEvent } from "./events.ts";
import { capacity, type Group, type Member, nextToScaleIn } from "./group.ts";
import type { AutoScalingTimings, Journeys } from "./journeys.ts";
import { PASSAGES } from "./passage.ts";
import { pooled, poolSize, readyInPool } from "./warm-pool.ts";

/**
 * Brings groups to their capacities: launches, puts into service, stocks warm pools, takes out of
 * service and lets go, through the lifecycle hooks on the way.
 */
export class Fleet {
  readonly #context: AwsContext;
  readonly #ec2: Ec2Model;
  readonly #journeys: Journeys;
  readonly #timings: AutoScalingTimings;
  /** Hears of a group whose instances have come or gone. */
  onChange: (group: Group) => void = () => {};

  constructor(context: AwsContext, ec2: Ec2Model, journeys: Journeys, timings: AutoScalingTimings) {
    this.#context = context;
    this.#ec2 = ec2;
    this.#journeys = journeys;
    this.#timings = timings;
  }

  /** Starts or ends instances until the group has what it is to have, and then its warm pool. */
  reconcile(group: Group): void {
    const present = capacity(group).length;
    for (let n = present; n < group.desiredCapacity; n++) this.#addOne(group);
    for (let n = present; n > group.desiredCapacity; n--) {
      const member = nextToScaleIn(group);
      if (!member) break;
      if (group.warmPool?.reuseOnScaleIn) this.returnToPool(group, member);
      else this.terminate(group, member);
    }
    if (group.warmPool) this.#stock(group);
  }

  /** Launches an instance into the group, or into its warm pool; one that runs is in service. */
  launch(group: Group, launch: Launch, into: "group" | "pool" = "group"): void {
    const zone = launch.zone ?? group.zones[group.members.size % group.zones.length];
    const id = launch.id ?? this.#context.ids.instanceId();
    const pending = into === "pool" ? "Warmed:Pending" : "Pending";
    const member: Member = {
      instanceId: id,
      group: group.name,
      zone: zone ?? `${this.#context.region}a`,
      launchedAt: this.#context.clock.now(),
      lifecycleState: launch.running ? "InService" : pending,
      healthy: true,
      protectedFromScaleIn: false,
      origin: "EC2",
    };
    group.members.set(id, member);
    this.#ec2.run({ ...group.template, ...launch, id, zone: member.zone });
  }

  /** EC2 says that an instance runs: now it comes to its launch hooks. */
  welcome(group: Group, member: Member): void {
    if (member.lifecycleState === "Warmed:Pending") {
      this.#journeys.start(group, member, PASSAGES.intoWarmPool, (result) => {
        if (result === "ABANDON") this.#abandoned(group, member);
        else this.#rest(group, member);
      });
    }
    if (member.lifecycleState !== "Pending") return;
    const passage = member.origin === "WarmPool" ? PASSAGES.outOfWarmPool : PASSAGES.launch;
    this.#journeys.start(group, member, passage, (result) => {
      if (result === "ABANDON") this.#abandoned(group, member);
      else this.#serve(group, member);
    });
  }

  /** Ends an instance of the group or its pool, through the terminate hooks. */
  terminate(group: Group, member: Member): void {
    const isWarmed = member.lifecycleState.startsWith("Warmed:");
    const passage = isWarmed ? PASSAGES.terminateWarmed : PASSAGES.terminate;
    this.#journeys.start(group, member, passage, () => this.#letGo(group, member));
  }

  /** Takes an instance out of service into the warm pool, through the same terminate hooks. */
  returnToPool(group: Group, member: Member): void {
    member.returns = true;
    this.#journeys.start(group, member, PASSAGES.toWarmPool, () => this.#rest(group, member));
  }

  /** Gives an instance a new root volume, through the same terminate hooks. */
  replaceRootVolume(group: Group, member: Member): void {
    this.#journeys.start(group, member, PASSAGES.replaceRootVolume, () => {
      member.lifecycleState = "InService";
    });
  }

  /** An instance ended without its group's doing. */
  lost(group: Group, member: Member): void {
    if (/^(Warmed:)?Pending$/.test(member.lifecycleState)) {
      this.#announce("Launch", "Unsuccessful", member);
      this.#forget(group, member);
    }
    // One that waits at a hook is not looked at before it is in service, or rests in the pool.
    if (/^(InService|Warmed:(Stopped|Running|Hibernated))$/.test(member.lifecycleState)) {
      this.#missAfterCheck(group, member);
    }
  }

  /** The health check finds it out, and replaces the instance, hooks and all. */
  #missAfterCheck(group: Group, member: Member): void {
    const { lifecycleState } = member;
    this.#after(this.#timings.healthCheckSeconds, () => {
      if (member.lifecycleState !== lifecycleState) return;
      member.healthy = false;
      this.terminate(group, member);
      this.reconcile(group);
    });
  }

  #addOne(group: Group): void {
    const member = readyInPool(group).find(({ instanceId }) => this.#lives(instanceId));
    if (!member) {
      this.launch(group, {});
      return;
    }
    member.origin = "WarmPool";
    const { lifecycleState } = member;
    member.lifecycleState = "Pending";
    if (lifecycleState === "Warmed:Running") this.welcome(group, member);
    else this.#ec2.start(member.instanceId);
  }

  #stock(group: Group): void {
    const missing = poolSize(group) - pooled(group).length;
    for (let n = 0; n < missing; n++) this.launch(group, {}, "pool");
    for (const member of readyInPool(group).slice(0, Math.max(0, -missing))) {
      this.terminate(group, member);
    }
  }

  #serve(group: Group, member: Member): void {
    member.lifecycleState = "InService";
    this.#announce("Launch", "Successful", member);
    if (!this.#lives(member.instanceId)) this.#missAfterCheck(group, member);
    this.reconcile(group);
    this.onChange(group);
  }

  /** Lets an instance rest in the pool as the pool's instances do. */
  #rest(group: Group, member: Member): void {
    const rest = () => {
      member.lifecycleState = `Warmed:${group.warmPool?.state ?? "Stopped"}`;
      member.returns = undefined;
      this.reconcile(group);
    };
    if (!this.#lives(member.instanceId)) this.#letGo(group, member);
    else if (group.warmPool?.state === "Running") rest();
    else this.#whenEc2Says(member, "stopped", () => this.#ec2.stop(member.instanceId), rest);
  }

  /**
   * AWS documents that the instance is terminated and replaced, and not whether its terminate hooks
   * run: both can be chosen.
   */
  #abandoned(group: Group, member: Member): void {
    this.#announce("Launch", "Unsuccessful", member);
    if (this.#timings.terminateHooksAfterAbandon) this.terminate(group, member);
    else this.#letGo(group, member);
    this.reconcile(group);
  }

  /** Has EC2 end the instance; the group forgets it when EC2 says so. */
  #letGo(group: Group, member: Member): void {
    const isWarmed = member.lifecycleState.startsWith("Warmed:");
    member.lifecycleState = isWarmed ? "Warmed:Terminating:Proceed" : "Terminating:Proceed";
    const forget = () => {
      this.#announce("Terminate", "Successful", member);
      this.#forget(group, member);
    };
    const state = this.#ec2.find(member.instanceId)?.state;
    if (state === undefined || state === "terminated") {
      forget();
      return;
    }
    this.#whenEc2Says(member, "terminated", () => this.#ec2.terminate(member.instanceId), forget);
    this.reconcile(group);
  }

  #forget(group: Group, member: Member): void {
    group.members.delete(member.instanceId);
    this.reconcile(group);
    this.onChange(group);
  }

  #lives(instanceId: string): boolean {
    const state = this.#ec2.find(instanceId)?.state;
    return state === "running" || state === "stopped";
  }

  #whenEc2Says(member: Member, state: string, ask: () => unknown, then: () => void): void {
    const stop = this.#ec2.onStateChange((instance) => {
      if (instance.id !== member.instanceId || instance.state !== state) return;
      stop();
      then();
    });
    ask();
  }

  #announce(
    kind: "Launch" | "Terminate",
    outcome: "Successful" | "Unsuccessful",
    member: Member,
  ): void {
    this.#context.announce(activityEvent(this.#context, kind, outcome, member));
  }

  #after(seconds: number, action: () => void): void {
    const { clock } = this.#context;
    clock.at(plusSeconds(clock.now(), seconds), action);
  }
}
