/**
 * How the lease, the function's time and the queue's visibility stand to each other. A message that
 * was in work when its function died comes back after the visibility timeout; by then the lease
 * must have run out, or the message would be dropped as the loser of a race that nobody won.
 */
export const TIMINGS = {
  /** A Lambda function's time limit. */
  functionTimeoutSeconds: 30,
  /** How long a pass owns its record: longer than the function can live. */
  leaseSeconds: 40,
  /** How long SQS hides a message in work: longer than the lease. */
  visibilityTimeoutSeconds: 90,
  /** Deliveries before a message goes to the DLQ. */
  maxReceiveCount: 5,
  /** Messages a function gets at once. */
  batchSize: 10,
} as const;
