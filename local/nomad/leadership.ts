/** Whether the servers have a leader. What is the leader's work waits until there is one. */
export class Leadership {
  readonly #now: () => Date;
  #waiting: (() => void)[] = [];
  #lostAt: Date | undefined;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get isLed(): boolean {
    return this.#lostAt === undefined;
  }

  /** How old what a server knows may be, in milliseconds. */
  lastContactMilliseconds(): number {
    return this.#lostAt ? this.#now().getTime() - this.#lostAt.getTime() : 0;
  }

  /** Does it now, or as soon as there is a leader. */
  whenLed(action: () => void): void {
    if (this.isLed) action();
    else this.#waiting.push(action);
  }

  lose(): void {
    this.#lostAt ??= this.#now();
  }

  gain(): void {
    this.#lostAt = undefined;
    const due = this.#waiting;
    this.#waiting = [];
    for (const action of due) action();
  }
}
