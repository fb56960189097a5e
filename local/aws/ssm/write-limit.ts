import type { ModelClock } from "../../clock.ts";
import { AwsError } from "../aws-error.ts";

/** How many writes an account may make: so many a second, after so many at once. */
export interface WriteRate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * What AWS's support says of PutParameter: 3 a second, and 10 with the higher throughput
 * (github-aws-runners/terraform-aws-github-runner#2944). How many it takes at once nobody says; about 20
 * were seen (sudolabs-io/aws-ssm-cli#503).
 */
export const PUT_PARAMETER_RATE: WriteRate = { perSecond: 3, burst: 20 };

/** A token bucket for an account's writes. */
export class WriteLimit {
  readonly #clock: ModelClock;
  readonly #rate: WriteRate;
  #left: number;
  #at: number;

  constructor(clock: ModelClock, rate: WriteRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#left = rate.burst;
    this.#at = clock.now().getTime();
  }

  /** @throws {AwsError} ThrottlingException. */
  take(): void {
    const now = this.#clock.now().getTime();
    const gained = ((now - this.#at) / 1_000) * this.#rate.perSecond;
    this.#left = Math.min(this.#rate.burst, this.#left + gained);
    this.#at = now;
    if (this.#left < 1) throw new AwsError("ThrottlingException", "Rate exceeded");
    this.#left -= 1;
  }
}
