/** The time, and nothing else: code that waits says so with a tick. */
export interface Clock {
  now(): Date;
}
