import { plusSeconds } from "../../clock.ts";
import type { AwsContext } from "../context.ts";
import { Health } from "../health.ts";
import type { Ec2Instance, Ec2Timings } from "./instance.ts";
import { Instances } from "./instances.ts";
import { type ScheduledChange, ScheduledEvents, type ScheduledInput } from "./scheduled-events.ts";
import { type SpotAction, SpotRequests } from "./spot-requests.ts";
import { CHECKS, type Check, StatusChecks } from "./status-checks.ts";

const TIMINGS: Ec2Timings = {
  pendingSeconds: 5,
  shuttingDownSeconds: 30,
  stoppingSeconds: 20,
  rebootSeconds: 20,
  rootVolumeSeconds: 30,
  firstCheckSeconds: 120,
};

/** From a warning until EC2 takes a Spot instance back. */
const SPOT_WARNING_SECONDS = 120;

/** EC2: its instances, and what happens to them by nobody's wish. */
export class Ec2Model extends Instances {
  readonly spotRequests: SpotRequests;
  readonly checks: StatusChecks;
  readonly scheduled: ScheduledEvents;

  constructor(
    context: AwsContext,
    timings: Partial<Ec2Timings> = {},
    health: Health = new Health(context),
  ) {
    super(context, { ...TIMINGS, ...timings });
    const now = () => context.clock.now();
    this.spotRequests = new SpotRequests(now);
    this.checks = new StatusChecks(now, this.timings.firstCheckSeconds);
    this.scheduled = new ScheduledEvents(context, health, (change) => this.#carryOut(change));
    this.onStateChange((instance, before) => {
      this.spotRequests.changed(instance);
      this.checks.changed(instance, before === undefined);
      this.scheduled.changed(instance);
    });
  }

  /**
   * Takes a Spot instance back: the warning now, and in two minutes what it says, whatever lifecycle
   * hooks there are. A hibernation begins at once.
   */
  interruptSpot(id: string, action: SpotAction = "terminate"): void {
    const instance = this.get(id);
    if (!instance.spot) throw new Error(`${id} is no Spot instance`);
    this.#announce("EC2 Spot Instance Interruption Warning", instance, {
      "instance-action": action,
    });
    if (action === "hibernate") {
      this.#reclaim(id, action);
      return;
    }
    const status = action === "stop" ? "marked-for-stop" : "marked-for-termination";
    this.spotRequests.set(id, status, "active");
    this.after(SPOT_WARNING_SECONDS, () => this.#reclaim(id, action));
  }

  /** Tells that a Spot instance is likelier than others to be taken back. Nothing has to follow. */
  recommendRebalance(id: string): void {
    this.#announce("EC2 Instance Rebalance Recommendation", this.get(id), {});
  }

  /** Ends the interruptible capacity reservation an instance runs in, and the instance with it. */
  interruptCapacity(id: string, secondsUntil = SPOT_WARNING_SECONDS): void {
    const endsAt = plusSeconds(this.context.clock.now(), secondsUntil);
    const instance = this.get(id);
    this.#announce("EC2 Capacity Reservation Instance Interruption Warning", instance, {
      "instance-action": "terminate",
      "instance-termination-time": `${endsAt.toISOString().slice(0, 19)}Z`,
      azId: `${this.context.region.replace(/^(\w\w)\w*-(\w)\w*-/, "$1$2")}-az1`,
    });
    this.after(secondsUntil, () => {
      if (this.find(id)) this.terminate(id);
    });
  }

  /** A status check begins to fail. No event tells of it: there are alarms for that. */
  impair(id: string, check: Check): void {
    this.get(id);
    this.checks.impair(id, check);
  }

  /** A status check passes again. @default all of them */
  recover(id: string, check?: Check): void {
    this.checks.recover(id, check ? [check] : CHECKS);
  }

  /** Schedules something for an instance; AWS Health tells of it. @returns the event's id. */
  schedule(id: string, input: ScheduledInput): string {
    const [eventId = ""] = this.scheduleAll([id], input);
    return eventId;
  }

  /** The same for several instances, of which AWS Health tells in one event, or in its pages. */
  scheduleAll(ids: readonly string[], input: ScheduledInput): string[] {
    for (const id of ids) this.get(id);
    return this.scheduled.add(ids, input);
  }

  /** Moves a scheduled event, or that of an instance, to another time. */
  reschedule(id: string, notBefore: Date): void {
    this.scheduled.reschedule(id, notBefore);
  }

  /** Calls a scheduled event, or that of an instance, off. */
  cancelSchedule(id: string): void {
    this.scheduled.end(id, "Canceled");
  }

  /** A scheduled event, or that of an instance, is over without having touched the instance. */
  completeSchedule(id: string): void {
    this.scheduled.end(id, "Completed");
  }

  #reclaim(id: string, action: SpotAction): void {
    const state = this.find(id)?.state;
    if (action === "terminate") {
      if (state === undefined || state === "shutting-down" || state === "terminated") return;
      this.spotRequests.set(id, "instance-terminated-no-capacity", "closed");
      this.terminate(id);
    } else if (state === "running") {
      this.spotRequests.set(id, "instance-stopped-no-capacity", "disabled");
      this.stop(id);
    }
  }

  #carryOut({ instanceId, code }: ScheduledChange): void {
    const instance = this.find(instanceId);
    if (instance?.state !== "running") return;
    if (code === "instance-reboot" || code === "system-reboot") this.reboot(instanceId);
    else if (code === "instance-stop") this.stop(instanceId);
    else if (code === "instance-retirement") {
      if (instance.rootDevice === "ebs") this.stop(instanceId);
      else this.terminate(instanceId);
    }
  }

  // The ARN is as in the documented samples: with the zone, and without an account.
  #announce(detailType: string, { id, zone }: Ec2Instance, detail: Record<string, string>): void {
    this.context.announce({
      source: "aws.ec2",
      detailType,
      resources: [`arn:aws:ec2:${zone}:instance/${id}`],
      detail: { "instance-id": id, ...detail },
    });
  }
}
