import { plusSeconds } from "../../clock.ts";
import { AwsError } from "../aws-error.ts";
import type { AwsContext } from "../context.ts";

/** EC2 keeps no more of a console. */
const KEPT_BYTES = 65_536;

/** The console is posted "shortly after" a change of state: some minutes, on AWS. */
const POSTED_AFTER_SECONDS = 120;

interface Machine {
  readonly id: string;
  readonly nitro: boolean;
}

/** What instances write to their consoles. */
export class Ec2Consoles {
  readonly #context: AwsContext;
  readonly #latest = new Map<string, string>();
  readonly #posted = new Map<string, string>();

  constructor(context: AwsContext) {
    this.#context = context;
  }

  /** A machine writes. */
  append(instanceId: string, text: string): void {
    const whole = Buffer.from((this.#latest.get(instanceId) ?? "") + text);
    this.#latest.set(instanceId, whole.subarray(-KEPT_BYTES).toString("utf8"));
  }

  /**
   * What GetConsoleOutput gives; empty when there is nothing yet.
   * @param latest what is there now, instead of what was posted after the last change of state.
   * @throws {AwsError} UnsupportedOperation for the latest of an instance that is not on Nitro.
   */
  read({ id, nitro }: Machine, latest: boolean): string {
    if (!latest) return this.#posted.get(id) ?? "";
    if (nitro) return this.#latest.get(id) ?? "";
    const text = "This instance type does not support retrieving the latest console logs.";
    throw new AwsError("UnsupportedOperation", text);
  }

  /** The instance has changed its state. */
  changed({ id, nitro }: Machine): void {
    // Nobody asks an instance on Nitro for what was posted, and a timer each would be many.
    if (nitro) return;
    const { clock } = this.#context;
    clock.at(plusSeconds(clock.now(), POSTED_AFTER_SECONDS), () => {
      this.#posted.set(id, this.#latest.get(id) ?? "");
    });
  }

  forget(instanceId: string): void {
    this.#latest.delete(instanceId);
    this.#posted.delete(instanceId);
  }
}
