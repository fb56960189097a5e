import type { InstanceId } from "../../contracts/ids.ts";

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
}

/** EC2. Methods throw a `PortError` of system `ec2` (`throttled`, `unavailable`, `denied`). */
export interface Compute {
  /** The instance, or undefined when EC2 does not know it (an hour after its end it forgets). */
  instance(id: InstanceId): Promise<Instance | undefined>;
  /** What it wrote to its console last, at most 64 KB; undefined when there is nothing (yet). */
  consoleOutput(id: InstanceId): Promise<string | undefined>;
}
