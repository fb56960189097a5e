import type { AwsContext } from "../context.ts";
import type { Ec2Model } from "../ec2/ec2-model.ts";
import type { Launch } from "../ec2/instance.ts";
import { Departures } from "./departures.ts";
import { activityEvent } from "./events.ts";
import { capacity, GROUP_TAG, type Group, type Member, nextToScaleIn } from "./group.ts";
import { HealthChecks } from "./health-checks.ts";
import type { AutoScalingTimings, Journeys } from "./journeys.ts";
import { PASSAGES } from "./passage.ts";
import { does } from "./processes.ts";
import { pooled, poolSize, readyInPool } from "./warm-pool.ts";
import { whenEc2Says } from "./when-ec2-says.ts";

/**
 * Brings groups to their capacities: launches, puts into service, stocks warm pools, takes out of
 * service and lets go, through the lifecycle hooks on the way.
 */
export class Fleet {
  readonly health: HealthChecks;
  readonly #context: AwsContext;
  readonly #ec2: Ec2Model;
  readonly #journeys: Journeys;
  readonly #departures: Departures;
  readonly #timings: AutoScalingTimings;
  /** Hears of a group whose instances have come or gone. */
  onChange: (group: Group) => void = () => {};

  constructor(context: AwsContext, ec2: Ec2Model, journeys: Journeys, timings: AutoScalingTimings) {
    this.#context = context;
    this.#ec2 = ec2;
    this.#journeys = journeys;
    this.#timings = timings;
    this.#departures = new Departures(context, ec2, journeys, (group) => {
      this.reconcile(group);
      this.onChange(group);
    });
    this.health = new HealthChecks(context, ec2, timings, (group, member) => {
      this.terminate(group, member);
      this.reconcile(group);
    });
  }

  /** Starts or ends instances until the group has what it is to have, and then its warm pool. */
  reconcile(group: Group): void {
    const present = capacity(group).length;
    const [launches, terminates] = [does(group, "Launch"), does(group, "Terminate")];
    for (let n = present; launches && n < group.desiredCapacity; n++) this.#addOne(group);
    for (let n = present; terminates && n > group.desiredCapacity; n--) {
      const member = nextToScaleIn(group);
      if (!member) break;
      if (group.warmPool?.reuseOnScaleIn) this.returnToPool(group, member);
      else this.terminate(group, member);
    }
    if (group.warmPool && launches) this.#stock(group);
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
    const tags = { ...launch.tags, [GROUP_TAG]: group.name };
    this.#ec2.run({ ...group.template, ...launch, id, zone: member.zone, tags });
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
    this.#departures.begin(group, member);
  }

  /** Takes an instance out of service into the warm pool, through the same terminate hooks. */
  returnToPool(group: Group, member: Member): void {
    member.returns = true;
    this.#journeys.start(group, member, PASSAGES.toWarmPool, () => this.#rest(group, member));
  }

  /**
   * Gives an instance a new root volume, through the same terminate hooks, whatever their result. One
   * that can't get it is replaced.
   */
  replaceRootVolume(group: Group, member: Member): void {
    this.#journeys.start(group, member, PASSAGES.replaceRootVolume, () => {
      if (this.#ec2.find(member.instanceId)?.state !== "running") {
        this.health.lookSoon(group, member);
        return;
      }
      this.#ec2.replaceRootVolume(member.instanceId, () => {
        member.lifecycleState = "RootVolumeReplaced";
        this.#journeys.after(member, this.#timings.proceedSeconds, () =>
          this.#serveAgain(group, member),
        );
      });
    });
  }

  /** An instance ended without its group's doing. */
  lost(group: Group, member: Member): void {
    if (/^(Warmed:)?Pending$/.test(member.lifecycleState)) {
      this.#announce("Launch", "Unsuccessful", member);
      this.#departures.forget(group, member);
    } else this.health.lookSoon(group, member);
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
    this.#announce("Launch", "Successful", member);
    this.#serveAgain(group, member);
  }

  #serveAgain(group: Group, member: Member): void {
    member.lifecycleState = "InService";
    member.inServiceAt = this.#context.clock.now();
    // What became of it on the way was not looked at.
    if (!member.healthy || !this.#lives(member.instanceId)) this.health.lookSoon(group, member);
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
    if (!this.#lives(member.instanceId)) this.#departures.letGo(group, member);
    else if (group.warmPool?.state === "Running") rest();
    else {
      const ask = () => this.#ec2.stop(member.instanceId);
      whenEc2Says(this.#ec2, member.instanceId, "stopped", { ask, done: rest });
    }
  }

  /**
   * AWS documents that the instance is terminated and replaced, and not whether its terminate hooks
   * run: both can be chosen.
   */
  #abandoned(group: Group, member: Member): void {
    this.#announce("Launch", "Unsuccessful", member);
    if (this.#timings.terminateHooksAfterAbandon) this.terminate(group, member);
    else this.#departures.letGo(group, member);
    this.reconcile(group);
  }

  #lives(instanceId: string): boolean {
    const state = this.#ec2.find(instanceId)?.state;
    return state === "running" || state === "stopped";
  }

  #announce(kind: "Launch", outcome: "Successful" | "Unsuccessful", member: Member): void {
    this.#context.announce(activityEvent(this.#context, kind, outcome, member));
  }
}
