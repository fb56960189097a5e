import { validationError } from "../aws-error.ts";

export type Transition = "launching" | "terminating";
export type HookResult = "CONTINUE" | "ABANDON";

/** A lifecycle hook of a group. */
export interface Hook {
  readonly name: string;
  readonly transition: Transition;
  readonly heartbeatTimeoutSeconds: number;
  readonly globalTimeoutSeconds: number;
  readonly defaultResult: HookResult;
  readonly notificationMetadata?: string;
  /** The SQS queue that hears of the hook directly, besides EventBridge. */
  readonly notificationTargetArn?: string;
}

/** A hook as it is asked for. */
export type HookInput = Pick<Hook, "name" | "transition"> & Partial<Hook>;

const MAXIMUM_WAIT_SECONDS = 48 * 3_600;

/**
 * A hook with Auto Scaling's defaults: 3600 s, ABANDON, and a cap of 48 h or 100 heartbeats,
 * whichever is less.
 * @throws {AwsError} ValidationError for a heartbeat timeout outside 30–7200 s.
 */
export function makeHook(input: HookInput, before?: Hook): Hook {
  const heartbeat = input.heartbeatTimeoutSeconds ?? before?.heartbeatTimeoutSeconds ?? 3_600;
  if (heartbeat < 30 || heartbeat > 7_200) {
    throw validationError("HeartbeatTimeout must be between 30 and 7200 seconds.");
  }
  return {
    defaultResult: "ABANDON",
    ...before,
    ...input,
    heartbeatTimeoutSeconds: heartbeat,
    globalTimeoutSeconds: Math.min(MAXIMUM_WAIT_SECONDS, 100 * heartbeat),
  };
}
