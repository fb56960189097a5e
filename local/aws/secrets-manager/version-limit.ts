import { AwsError } from "../aws-error.ts";
import type { Secret } from "./secret.ts";

/** Beyond this number, deprecated versions are deleted. */
const MOST_VERSIONS = 100;
/** Deprecated or not, versions are kept for a day. */
const KEPT_MILLISECONDS = 86_400_000;

/** Makes room for one more version. @throws {AwsError} LimitExceededException when there is none. */
export function makeRoom({ versions }: Secret, now: Date): void {
  while (versions.length >= MOST_VERSIONS) {
    const old = versions.findIndex(
      ({ stages, createdAt }) =>
        stages.size === 0 && now.getTime() - createdAt.getTime() >= KEPT_MILLISECONDS,
    );
    if (old < 0) {
      const text = "The request failed because it would exceed one of the Secrets Manager quotas.";
      throw new AwsError("LimitExceededException", text);
    }
    versions.splice(old, 1);
  }
}
