/** A machine that was never registered, is gone, or is in no state to be sent anything. */
export function isInvalidInstance(error: unknown): boolean {
  return isNamed(error, "InvalidInstanceId");
}

/** Nobody knows of the command yet, or not on that machine. */
export function isUnknownInvocation(error: unknown): boolean {
  return isNamed(error, "InvocationDoesNotExist");
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
