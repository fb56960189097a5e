/** What the scale-out is measured by. */
export const LAUNCH_MOMENTS = [
  "launchEvent",
  "introduced",
  "loggedIn",
  "consulAlive",
  "nomadReady",
  "eligible",
  "inService",
] as const;
/** What the scale-in is measured by. */
export const TERMINATE_MOMENTS = [
  "terminateEvent",
  "ineligible",
  "empty",
  "hookCompleted",
  "terminated",
  "consulEntryGone",
  "consulTokenGone",
  "vaultTokenGone",
  "parametersGone",
  "purged",
] as const;

export type Moment = (typeof LAUNCH_MOMENTS)[number] | (typeof TERMINATE_MOMENTS)[number];

/** When each came first; those that never came are missing. */
export class Moments {
  readonly #at = new Map<Moment, Date>();
  /** Names of the tasks that still ran when the terminate hook was completed. */
  killed: readonly string[] = [];

  note(moment: Moment, at: Date): void {
    if (!this.#at.has(moment)) this.#at.set(moment, at);
  }

  has(moment: Moment): boolean {
    return this.#at.has(moment);
  }

  missing(): Moment[] {
    return [...LAUNCH_MOMENTS, ...TERMINATE_MOMENTS].filter((moment) => !this.has(moment));
  }

  /** @returns NaN when one of them never came. */
  seconds(from: Moment, to: Moment): number {
    const [begin, end] = [this.#at.get(from), this.#at.get(to)];
    return ((end?.getTime() ?? Number.NaN) - (begin?.getTime() ?? Number.NaN)) / 1_000;
  }
}
