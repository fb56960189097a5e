/** Something the user can mend: shown as one line, without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/**
 * Errors of the AWS SDK and of Node that say enough by themselves, by code, name or (where they have
 * neither) message, with what to do about them.
 */
const KNOWN: Record<string, string> = {
  CredentialsProviderError:
    "no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ResourceNotFoundException: "is it the right name, account and region?",
  ExpiredTokenException: "the AWS credentials have expired: log in again",
  "Region is missing": "set AWS_REGION, such as eu-central-1",
  AccessDenied: "the AWS credentials may not do this",
  AccessDeniedException: "the AWS credentials may not do this",
  EADDRINUSE: "pass another port with --port",
  ECONNREFUSED: "nothing listens there: is the address in AWS_ENDPOINT_URL right?",
};

/** Errors whose message says it all; the last two are servers' of the local stack. */
const PLAIN = ["UserError", "ConfigError", "NoAnswer", "OperatorError"];

/** Prints an error as a user should see it and makes the process exit with 1. */
export function failWith(error: unknown): void {
  process.exitCode = 1;
  console.error(`drover: ${error instanceof Error ? explain(error) : error}`);
}

/** An error as a user should see it; with its stack when it is a defect. */
export function explain(error: Error): string {
  const code = "code" in error ? String(error.code) : error.name;
  const hint = KNOWN[code] ?? KNOWN[error.name] ?? KNOWN[error.message];
  const isPlain = hint || PLAIN.includes(error.name);
  const message = error.message || code;
  if (hint) return `${message} (${hint})`;
  return isPlain ? message : (error.stack ?? message);
}
