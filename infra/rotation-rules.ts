import type { PublishedRotation } from "../lambdas/contracts/config/rotate.ts";
import { ConfigError } from "../lambdas/contracts/config.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const FEWEST_HOURS = 4;
const MOST_DAYS = 999;

/**
 * When Secrets Manager is to start a rotation.
 * @throws {ConfigError} for an interval that it does not know.
 */
export function rotationRules({ name, everySeconds, window }: PublishedRotation) {
  if (window) {
    const { cron, hours } = window;
    return { scheduleExpression: cron, ...(hours && { duration: `${hours}h` }) };
  }
  if (everySeconds % DAY === 0 && everySeconds <= MOST_DAYS * DAY) {
    return { scheduleExpression: rate(everySeconds / DAY, "day") };
  }
  const hours = everySeconds / HOUR;
  if (Number.isInteger(hours) && hours >= FEWEST_HOURS && hours < 24) {
    return { scheduleExpression: rate(hours, "hour") };
  }
  throw new ConfigError(
    `rotate.of (${name}).everySeconds: Secrets Manager rotates every ${FEWEST_HOURS} to 23 hours or every ` +
      `1 to ${MOST_DAYS} days, not every ${everySeconds} s; Drover's own schedule does: startedBy: schedule`,
  );
}

function rate(count: number, unit: string): string {
  return `rate(${count} ${unit}${count === 1 ? "" : "s"})`;
}
