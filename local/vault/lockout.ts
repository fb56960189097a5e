import { type ModelClock, plusSeconds } from "../clock.ts";

/** Vault's and OpenBao's defaults, for AppRole, userpass and LDAP. */
const REFUSALS = 5;
const COUNTED_SECONDS = 900;
const LOCKED_SECONDS = 900;

/** How whoever is refused too often is locked out, with all who log in by the same name. */
export class Lockout {
  readonly #clock: ModelClock;
  #count = 0;
  #countedUntil = new Date(0);
  #lockedUntil = new Date(0);

  constructor(clock: ModelClock) {
    this.#clock = clock;
  }

  get isLocked(): boolean {
    return this.#clock.now() < this.#lockedUntil;
  }

  refused(): void {
    const now = this.#clock.now();
    if (now >= this.#countedUntil) this.#count = 0;
    this.#count++;
    this.#countedUntil = plusSeconds(now, COUNTED_SECONDS);
    if (this.#count < REFUSALS) return;
    this.#lockedUntil = plusSeconds(now, LOCKED_SECONDS);
    this.#count = 0;
  }

  letIn(): void {
    this.#count = 0;
  }
}
