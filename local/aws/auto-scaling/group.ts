import { validationError } from "../aws-error.ts";
import type { Launch } from "../ec2/instance.ts";
import type { Hook } from "./hook.ts";
import type { ScalingProcess } from "./processes.ts";

/** The tag that Auto Scaling gives to what it launches. */
export const GROUP_TAG = "aws:autoscaling:groupName";

/** An instance of a group, or of its warm pool. */
export interface Member {
  readonly instanceId: string;
  readonly group: string;
  readonly zone: string;
  readonly launchedAt: Date;
  /** As Auto Scaling spells it: `InService`, `Terminating:Wait`, `Warmed:Stopped`, … */
  lifecycleState: string;
  healthy: boolean;
  protectedFromScaleIn: boolean;
  /** Where it came from when it was put into the group last. */
  origin: "EC2" | "WarmPool";
  /** It leaves the group for its warm pool. */
  returns?: boolean;
  /** When it was put into service last: its grace period begins then. */
  inServiceAt?: Date;
}

/** A group's warm pool. */
export interface WarmPool {
  readonly minSize: number;
  /** What its instances do while they wait. */
  readonly state: "Stopped" | "Running" | "Hibernated";
  /**
   * How many instances the group and its pool have together.
   * @default the group's maximum size, as on AWS
   */
  readonly maxPreparedCapacity?: number;
  /** Whether a scale-in brings instances back into the pool. @default false */
  readonly reuseOnScaleIn?: boolean;
}

/** An Auto Scaling group. */
export interface Group {
  readonly name: string;
  readonly zones: readonly string[];
  /** What its instances are launched with. */
  readonly template: Pick<Launch, "spot" | "nitro" | "rootDevice">;
  minSize: number;
  maxSize: number;
  desiredCapacity: number;
  warmPool?: WarmPool;
  /** For so long after it was put into service a failing check does not count. */
  readonly healthCheckGraceSeconds: number;
  /** `TerminateHookAbandon=retain`: an instance whose terminate hook is abandoned is kept. */
  readonly retainOnAbandon: boolean;
  readonly suspended: Set<ScalingProcess>;
  readonly hooks: Map<string, Hook>;
  readonly members: Map<string, Member>;
}

/** Whether an instance counts towards the desired capacity. */
export function counts(member: Member): boolean {
  return !/^(Terminating|Warmed)/.test(member.lifecycleState);
}

/** The instances that count towards the desired capacity. */
export function capacity(group: Group): Member[] {
  return [...group.members.values()].filter(counts);
}

/** The instance a scale-in takes: the oldest one in service that is not protected. */
export function nextToScaleIn(group: Group): Member | undefined {
  return [...group.members.values()]
    .filter((member) => member.lifecycleState === "InService" && !member.protectedFromScaleIn)
    .sort((a, b) => a.launchedAt.getTime() - b.launchedAt.getTime())[0];
}

/** Sets the desired capacity. @throws {AwsError} ValidationError outside the group's sizes. */
export function setDesired(group: Group, desired: number): void {
  const { minSize, maxSize } = group;
  const what = `New SetDesiredCapacity value ${desired} is`;
  if (desired > maxSize) {
    throw validationError(`${what} above max value ${maxSize} for the AutoScalingGroup.`);
  }
  if (desired < minSize) {
    throw validationError(`${what} below min value ${minSize} for the AutoScalingGroup.`);
  }
  group.desiredCapacity = desired;
}
