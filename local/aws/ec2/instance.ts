import type { InstanceState } from "../../../lambdas/domain/ports/compute.ts";

export interface Ec2Instance {
  readonly id: string;
  readonly zone: string;
  readonly launchedAt: Date;
  readonly spot: boolean;
  /** Its console can be read as it is now. */
  readonly nitro: boolean;
  readonly rootDevice: "ebs" | "instance-store";
  readonly tags: Readonly<Record<string, string>>;
  /** Both are empty once the instance has ended, as EC2 answers. */
  readonly privateIpAddress: string;
  readonly privateDnsName: string;
  readonly state: InstanceState;
}

/** How to start an instance; what is left out is made up. */
export interface Launch {
  readonly id?: string;
  readonly zone?: string;
  readonly privateDnsName?: string;
  /** @default false */
  readonly spot?: boolean;
  /** @default true */
  readonly nitro?: boolean;
  /** What it boots from: an instance that is retired is stopped, and without EBS terminated. @default "ebs" */
  readonly rootDevice?: Ec2Instance["rootDevice"];
  readonly tags?: Readonly<Record<string, string>>;
  /** true: it runs already, as if started long ago. */
  readonly running?: boolean;
}

/** How long an instance takes for what happens to it. */
export interface Ec2Timings {
  readonly pendingSeconds: number;
  readonly shuttingDownSeconds: number;
  readonly stoppingSeconds: number;
  /** From a reboot's beginning until the machine boots again. */
  readonly rebootSeconds: number;
  /** The same with another root volume. */
  readonly rootVolumeSeconds: number;
  /** From `running` until the status checks have a result. */
  readonly firstCheckSeconds: number;
}

/** A machine goes down, and up again, while EC2 calls the instance `running`: no event tells of it. */
export interface Reboot {
  readonly phase: "down" | "up";
  /** `new`: nothing of what was on the disk is left. */
  readonly disk: "kept" | "new";
}
