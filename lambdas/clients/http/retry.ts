import pRetry from "p-retry";

export interface RetryOptions {
  /** Tries after the first one. */
  readonly retries: number;
  /** Pause before the second try; each further one is twice as long, plus up to as much jitter. */
  readonly firstDelayMilliseconds: number;
  /** All tries and pauses together. */
  readonly totalMilliseconds: number;
}

/**
 * Tries until it works, the failure is one that stays, or the tries or the time run out.
 * @param attempt is told how many milliseconds it may take at most.
 * @throws what the last attempt threw.
 */
export async function retrying<Result>(
  attempt: (remainingMilliseconds: number) => Promise<Result>,
  isTransient: (error: unknown) => boolean,
  options: RetryOptions,
): Promise<Result> {
  const end = performance.now() + options.totalMilliseconds;
  return pRetry(() => attempt(Math.max(1, Math.ceil(end - performance.now()))), {
    retries: options.retries,
    minTimeout: options.firstDelayMilliseconds,
    factor: 2,
    randomize: true,
    maxRetryTime: options.totalMilliseconds,
    shouldRetry: ({ error }) => isTransient(error),
  });
}
