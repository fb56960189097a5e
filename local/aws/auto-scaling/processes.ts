import { validationError } from "../aws-error.ts";

/** What an Auto Scaling group does by itself, and can be told not to. */
export const PROCESSES = [
  "Launch",
  "Terminate",
  "AddToLoadBalancer",
  "AlarmNotification",
  "AZRebalance",
  "HealthCheck",
  "InstanceRefresh",
  "ReplaceUnhealthy",
  "ScheduledActions",
] as const;
export type ScalingProcess = (typeof PROCESSES)[number];

/** The processes of those names, or all of them. @throws {AwsError} ValidationError. */
export function processesNamed(names: readonly string[]): readonly ScalingProcess[] {
  if (names.length === 0) return PROCESSES;
  return names.map((name) => {
    const known = PROCESSES.find((process) => process === name);
    if (known) return known;
    throw validationError(`Process ${name} is not supported.`);
  });
}

/** Whether a group does what all of these processes do. */
export function does(
  { suspended }: { readonly suspended: ReadonlySet<ScalingProcess> },
  ...processes: readonly ScalingProcess[]
): boolean {
  return !processes.some((process) => suspended.has(process));
}
