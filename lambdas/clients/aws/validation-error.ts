/** Auto Scaling has one error for nearly all it refuses; which one it is, its text alone says. */
export function isValidationError(error: unknown, message: RegExp): boolean {
  return error instanceof Error && error.name === "ValidationError" && message.test(error.message);
}

/** What Auto Scaling says of a group that is not there. */
export const NO_SUCH_GROUP = /AutoScalingGroup name not found/i;
