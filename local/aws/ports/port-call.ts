import { PortError, type PortErrorKind } from "../../../lambdas/domain/ports/errors.ts";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";

const KINDS: Record<string, PortErrorKind> = {
  Throttling: "throttled",
  ResourceContention: "throttled",
  AccessDenied: "denied",
  ServiceUnavailable: "unavailable",
};

/** Does a call of the model, unless it is to fail, and makes a `PortError` of an error of AWS's. */
export async function asPortCall<T>(
  model: AwsModel,
  system: string,
  action: string,
  work: () => T,
): Promise<T> {
  try {
    model.faults.check(action);
    return work();
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const kind = KINDS[cause.code] ?? "invalid";
    throw new PortError(system, kind, `${action}: ${cause.code}: ${cause.message}`, { cause });
  }
}
