import type { GroupName, InstanceId } from "../../contracts/ids.ts";

export type InstanceState =
  | "pending"
  | "running"
  | "stopping"
  | "stopped"
  | "shutting-down"
  | "terminated";

/** An EC2 instance. */
export interface Instance {
  readonly id: InstanceId;
  readonly state: InstanceState;
  /** Its private DNS name, such as `ip-10-0-0-12.eu-central-1.compute.internal`; gone when ended. */
  readonly privateDnsName: string | null;
  readonly privateIpAddress: string | null;
  /** Its availability zone. */
  readonly zone: string;
  readonly lifeCycle: "on-demand" | "spot";
  /** The Auto Scaling group that has launched it, by its tag; it stays when the group lets it go. */
  readonly group: GroupName | null;
}

/** What one of EC2's status checks says. Only `impaired` is bad news. */
export type CheckStatus =
  | "ok"
  | "impaired"
  | "initializing"
  | "insufficient-data"
  | "not-applicable";

/** Something EC2 is going to do to an instance: a retirement, a reboot, a maintenance. */
export interface ScheduledEvent {
  readonly id: string;
  /** `instance-retirement`, `instance-stop`, `system-reboot`, … */
  readonly code: string;
  readonly description: string;
  readonly notBefore: Date;
}

/** What EC2 says of a running instance's health. */
export interface InstanceStatus {
  readonly id: InstanceId;
  readonly system: CheckStatus;
  readonly instance: CheckStatus;
  readonly attachedEbs: CheckStatus;
  /** What is still to come, the earliest first: what is completed or called off is left out. */
  readonly scheduled: readonly ScheduledEvent[];
}

/** EC2. Methods throw a `PortError` of system `ec2` (`throttled`, `unavailable`, `denied`). */
export interface Compute {
  /** The instance, or undefined when EC2 does not know it (an hour after its end it forgets). */
  instance(id: InstanceId): Promise<Instance | undefined>;
  /** What it wrote to its console last, at most 64 KB; undefined when there is nothing (yet). */
  consoleOutput(id: InstanceId): Promise<string | undefined>;
  /** Its status checks and what is scheduled for it; undefined for one that does not run. */
  status(id: InstanceId): Promise<InstanceStatus | undefined>;
  /** All running instances of which a status check fails; at most 15 s old. */
  impaired(): Promise<ReadonlySet<InstanceId>>;
}
