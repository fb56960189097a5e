import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { type Config, ConfigError } from "../lambdas/contracts/config.ts";

const ALLOWED_DAYS = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === "number" && days < RetentionDays.INFINITE,
);

/**
 * How long the functions' logs are kept.
 * @throws {ConfigError} for a number of days that CloudWatch Logs does not know.
 */
export function logRetention({ functions }: Config): RetentionDays {
  const days = ALLOWED_DAYS.find((allowed) => allowed === functions.logRetentionDays);
  if (days) return days;
  throw new ConfigError(
    `functions.logRetentionDays: CloudWatch Logs keeps ${ALLOWED_DAYS.join(", ")} days, ` +
      `not ${functions.logRetentionDays}`,
  );
}
