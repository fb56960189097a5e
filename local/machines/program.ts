import { NoAnswer } from "../../lambdas/clients/http/exchange.ts";
import { type Cancel, type ModelClock, plusSeconds } from "../clock.ts";

/** How long programs wait before they try again what nobody answered. */
const RETRY_SECONDS = 5;

/** What a machine is about to do. Nothing of it happens once the power is off. */
export class Program {
  readonly #clock: ModelClock;
  readonly #write: (line: string) => void;
  readonly #timers = new Set<Cancel>();
  #isOn = false;

  constructor(clock: ModelClock, write: (line: string) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  powerOn(): void {
    this.#isOn = true;
  }

  powerOff(): void {
    this.#isOn = false;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /**
   * Does something after that many seconds, and again while nobody answers.
   * @param tries after which it is left. @default no end
   */
  in(seconds: number, act: () => Promise<void> | void, tries = Number.POSITIVE_INFINITY): void {
    if (!this.#isOn) return;
    const cancel = this.#clock.at(plusSeconds(this.#clock.now(), seconds), async () => {
      this.#timers.delete(cancel);
      try {
        await act();
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        this.#write(error.message);
        if (tries > 1) this.in(RETRY_SECONDS, act, tries - 1);
      }
    });
    this.#timers.add(cancel);
  }
}
