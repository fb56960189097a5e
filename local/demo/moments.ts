/** What a story can tell of an instance or a rotation, each as it is said when it never came. */
const TEXTS = {
  launchEvent: "its launch event came",
  introduced: "its introduction was made",
  loggedIn: "it logged in at Vault",
  consulAlive: "Consul saw its agent alive",
  nomadReady: "Nomad saw its node ready",
  eligible: "its node was made eligible",
  inService: "it came into service",
  warned: "its warning came",
  announced: "AWS Health announced its end",
  calledOff: "what was scheduled for it was called off",
  down: "Nomad missed its agent",
  recovered: "its agent came back",
  waitsAtHook: "it waited at its terminate hook",
  terminateEvent: "its terminate event came",
  ineligible: "its node was made ineligible",
  drained: "its node was drained",
  empty: "its last task stopped",
  letGo: "EC2 began to end it",
  terminated: "EC2 ended it",
  consulEntryGone: "it was taken out of Consul's catalog",
  consulTokenGone: "its Consul token was deleted",
  vaultTokenGone: "its Vault token was revoked",
  parametersGone: "its parameters were deleted",
  purged: "its Nomad node was purged",
  asked: "somebody asked for it",
  stored: "the new one was stored as the pending version",
  tested: "Drover had the new one tried",
  promoted: "the new one was made current",
  taken: "its consumer took the new one",
  useSeen: "Drover saw that its consumer renews the new one",
  graced: "the old one had its grace period",
  oldRevoked: "Drover revoked the old one",
  oldDead: "Vault knew the old one no more",
  oldRefused: "the old one was refused",
} as const;

/** Something that a story is measured by. */
export type Moment = keyof typeof TEXTS;

/** What all instances go through that end. */
export const ENDING: readonly Moment[] = [
  "letGo",
  "terminated",
  "consulEntryGone",
  "consulTokenGone",
  "purged",
];

/** When each came first; those that never came are missing. */
export class Moments {
  readonly #at = new Map<Moment, Date>();
  readonly #expected: readonly Moment[];
  /** Names of the tasks that still ran when EC2 began to end the instance. */
  killed: readonly string[] = [];

  /** @param expected what has to come, in the order in which it is told when it does not. */
  constructor(expected: readonly Moment[]) {
    this.#expected = expected;
  }

  note(moment: Moment, at: Date): void {
    if (!this.#at.has(moment)) this.#at.set(moment, at);
  }

  has(moment: Moment): boolean {
    return this.#at.has(moment);
  }

  /** What had to come and did not, in words. */
  missing(): string[] {
    return this.#expected.filter((moment) => !this.has(moment)).map((moment) => TEXTS[moment]);
  }

  /** @returns NaN when one of them never came. */
  seconds(from: Moment, to: Moment): number {
    const [begin, end] = [this.#at.get(from), this.#at.get(to)];
    return ((end?.getTime() ?? Number.NaN) - (begin?.getTime() ?? Number.NaN)) / 1_000;
  }
}
