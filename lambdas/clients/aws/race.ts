import pRetry from "p-retry";
import { PortError } from "../../domain/ports/errors.ts";

/** Each lost race is one that somebody else has won, and the winners are few. */
const RACES = 10;

/** Somebody else wrote in between. */
export class LostRace extends PortError {
  constructor(message: string, cause: unknown) {
    super("dynamodb", "throttled", message, { cause });
  }
}

/** Whether DynamoDB did not write because what it was to find was not so. */
export function isConditionUnmet(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

/** Tries again, with jitter, as long as the attempt loses a race. */
export function untilWon<Value>(attempt: () => Promise<Value>): Promise<Value> {
  return pRetry(attempt, {
    retries: RACES,
    minTimeout: 20,
    factor: 1.5,
    randomize: true,
    shouldRetry: ({ error }) => error instanceof LostRace,
  });
}
