/**
 * Waits for work no longer than so many seconds.
 * @throws {PortError} `unavailable` when it takes longer; it goes on, and nobody waits for it.
 */
export type Within = <Value>(work: Promise<Value>, seconds: number) => Promise<Value>;
