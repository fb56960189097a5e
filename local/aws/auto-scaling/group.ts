import { validationError } from "../aws-error.ts";
import type { Hook } from "./hook.ts";

/** An instance of a group. */
export interface Member {
  readonly instanceId: string;
  readonly group: string;
  readonly zone: string;
  readonly launchedAt: Date;
  /** As Auto Scaling spells it: `InService`, `Terminating:Wait`, … */
  lifecycleState: string;
  protectedFromScaleIn: boolean;
}

/** An Auto Scaling group. */
export interface Group {
  readonly name: string;
  readonly zones: readonly string[];
  minSize: number;
  maxSize: number;
  desiredCapacity: number;
  readonly hooks: Map<string, Hook>;
  readonly members: Map<string, Member>;
}

/** Whether an instance counts towards the desired capacity. */
export function counts(member: Member): boolean {
  return !/^(Terminating|Warmed)/.test(member.lifecycleState);
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
