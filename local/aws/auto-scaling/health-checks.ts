import { plusSeconds } from "../../clock.ts";
import type { AwsContext } from "../context.ts";
import type { Ec2Model } from "../ec2/ec2-model.ts";
import type { Group, Member } from "./group.ts";
import type { AutoScalingTimings } from "./journeys.ts";
import { does } from "./processes.ts";

/** One that waits at a hook is not looked at before it is in service, or rests in the pool. */
const LOOKED_AT =
  /^(InService|ReplacingRootVolume:Proceed|RootVolumeReplaced|Warmed:(Stopped|Running|Hibernated))$/;

/** Finds out which instances of a group are unhealthy, some time after they have become so. */
export class HealthChecks {
  readonly #context: AwsContext;
  readonly #ec2: Ec2Model;
  readonly #timings: AutoScalingTimings;
  readonly #replace: (group: Group, member: Member) => void;

  constructor(
    context: AwsContext,
    ec2: Ec2Model,
    timings: AutoScalingTimings,
    replace: (group: Group, member: Member) => void,
  ) {
    this.#context = context;
    this.#ec2 = ec2;
    this.#timings = timings;
    this.#replace = replace;
  }

  /** Something may have become of an instance: the next check looks at it. */
  lookSoon(group: Group, member: Member): void {
    this.#lookIn(this.#timings.healthCheckSeconds, group, member);
  }

  /** Looks at all instances of a group soon, as when a process goes on that was suspended. */
  lookAtAll(group: Group): void {
    for (const member of group.members.values()) this.lookSoon(group, member);
  }

  /** A status check of an instance fails: that counts once its grace period is over. */
  impaired(group: Group, member: Member): void {
    if (!this.#timings.replacesImpaired) return;
    const { healthCheckSeconds } = this.#timings;
    this.#lookIn(healthCheckSeconds + this.#graceLeftSeconds(group, member), group, member);
  }

  /**
   * Somebody says how an instance is.
   * @param respectGracePeriod then a bad word within the grace period is not listened to.
   */
  set(group: Group, member: Member, healthy: boolean, respectGracePeriod: boolean): void {
    const isTooEarly = respectGracePeriod && this.#graceLeftSeconds(group, member) > 0;
    if (!healthy && isTooEarly) return;
    member.healthy = healthy;
    if (!healthy) this.lookSoon(group, member);
  }

  #lookIn(seconds: number, group: Group, member: Member): void {
    const { clock } = this.#context;
    clock.at(plusSeconds(clock.now(), seconds), () => this.#look(group, member));
  }

  #look(group: Group, member: Member): void {
    const isThere = group.members.get(member.instanceId) === member;
    if (!isThere || !LOOKED_AT.test(member.lifecycleState)) return;
    if (does(group, "HealthCheck") && this.#fails(group, member)) member.healthy = false;
    if (member.healthy || !does(group, "ReplaceUnhealthy", "Terminate")) return;
    this.#replace(group, member);
  }

  /** One that does not run is unhealthy whatever the grace period says. */
  #fails(group: Group, member: Member): boolean {
    const instance = this.#ec2.find(member.instanceId);
    const rests = /^Warmed:(Stopped|Hibernated)$/.test(member.lifecycleState);
    const isUp =
      /^(pending|running)$/.test(instance?.state ?? "") || (rests && instance?.state === "stopped");
    if (!instance || !isUp) return true;
    if (!this.#timings.replacesImpaired || this.#graceLeftSeconds(group, member) > 0) return false;
    const { system, instance: itself } = this.#ec2.checks.results(instance);
    return system === "impaired" || itself === "impaired";
  }

  #graceLeftSeconds({ healthCheckGraceSeconds }: Group, { inServiceAt }: Member): number {
    if (!inServiceAt) return 0;
    const endsAt = plusSeconds(inServiceAt, healthCheckGraceSeconds);
    return Math.max(0, (endsAt.getTime() - this.#context.clock.now().getTime()) / 1_000);
  }
}
