import { isServerError, isThrottlingError, isTransientError } from "@smithy/core/retry";
import { PortError, type PortErrorKind } from "../../domain/ports/errors.ts";

const DENIED = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthFailure",
  "AuthorizationError",
  "KMSAccessDeniedException",
  "KmsAccessDenied",
  "NotAuthorizedForSourceException",
  "UnauthorizedOperation",
]);

/** The caller is not known at all: another policy would not help. */
const NO_CREDENTIALS = new Set([
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationToken",
  "RequestExpired",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

/** Conflicts that pass by themselves; Auto Scaling gives the first a status of 500. */
const CONTENTION = new Set(["ResourceContention", "ResourceContentionFault", "TooManyUpdates"]);

/** What fails inside an answer of 200, so that no status says whose fault it is. */
const BROKEN_WITHIN = new Set(["InternalException", "InternalFailure"]);

/**
 * What went wrong in a call of the AWS SDK, for the domain. The SDK has tried again by then.
 * @param action the IAM action, such as `autoscaling:CompleteLifecycleAction`.
 */
export function toPortError(system: string, action: string, cause: unknown): PortError {
  if (cause instanceof PortError) return cause;
  const error = cause instanceof Error ? cause : new Error(String(cause), { cause });
  const kind = kindOf(error);
  const message = `${action} ${OUTCOMES[kind]} (${error.name}: ${error.message})${fix(error, kind, action)}`;
  return new PortError(system, kind, message, { cause });
}

/** Runs one call of the SDK. @throws {PortError} for whatever it throws. */
export async function sdkCall<T>(
  system: string,
  action: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw toPortError(system, action, cause);
  }
}

const OUTCOMES: Record<PortErrorKind, string> = {
  throttled: "was throttled",
  unavailable: "got no answer",
  denied: "was denied",
  invalid: "failed",
};

function kindOf(error: Error): PortErrorKind {
  if (DENIED.has(error.name) || NO_CREDENTIALS.has(error.name)) return "denied";
  if (CONTENTION.has(error.name)) return "throttled";
  if (BROKEN_WITHIN.has(error.name)) return "unavailable";
  if (isSdkError(error)) {
    if (isThrottlingError(error)) return "throttled";
    if (isServerError(error) || isTransientError(error)) return "unavailable";
  }
  return hasSystemCode(error) ? "unavailable" : "invalid";
}

function isSdkError(error: Error): error is Parameters<typeof isTransientError>[0] {
  return error.cause === undefined || error.cause instanceof Error;
}

/** Node's network and TLS errors carry a code; a defect in our own code does not. */
function hasSystemCode(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && /^(E[A-Z_]+|CERT_)/.test(error.code);
}

function fix(error: Error, kind: PortErrorKind, action: string): string {
  if (NO_CREDENTIALS.has(error.name)) return ": check the credentials and the clock";
  if (kind === "denied") return `: allow ${action} in the function's role`;
  if (kind === "unavailable") return ": check the endpoint and the way to it";
  return "";
}
