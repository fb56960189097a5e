import type { Rotation } from "../../contracts/config/rotate.ts";
import type { RotationLine } from "../../contracts/rotation-line.ts";
import type { Mode } from "../ports/nodes.ts";
import type { RotationPorts } from "./ports.ts";
import { readOnce } from "./read-once.ts";
import type { Attempt, Credential, RotationRecord } from "./record.ts";

/** Somebody else has taken the record over: what this pass still wanted to do is theirs. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** One look at one rotation, under its record's lease. */
export class Rotating<Of extends Rotation = Rotation> {
  readonly rotation: Of;
  readonly ports: RotationPorts;
  readonly mode: Mode;
  #record: RotationRecord;
  #lines: RotationLine[] = [];
  #step = "";

  constructor(rotation: Of, record: RotationRecord, ports: RotationPorts, mode: Mode) {
    this.rotation = rotation;
    this.#record = record;
    this.ports = { ...ports, secrets: readOnce(ports.secrets) };
    this.mode = mode;
  }

  get record(): RotationRecord {
    return this.#record;
  }

  /** The attempt under way. @throws when there is none. */
  get attempt(): Attempt {
    const { attempt } = this.#record;
    if (!attempt) throw new Error(`${this.rotation.name}: no attempt is under way`);
    return attempt;
  }

  get now(): Date {
    return this.ports.clock.now();
  }

  /** Names the step whose lines the journal gets from here on. */
  begin(step: string): void {
    this.#step = step;
  }

  saw(text: string): void {
    this.#note("saw", text);
  }

  did(text: string): void {
    this.#note("did", text);
  }

  would(text: string): void {
    this.#note("would", `would have ${text}`);
  }

  /**
   * Writes the record at once, before anything that it must not lack.
   * @throws {LeaseLost} when somebody else has written it meanwhile.
   */
  async save(change: Partial<RotationRecord>): Promise<void> {
    await this.#write({ ...this.#record, ...change });
  }

  /** Writes at once what is current, with the attempt: the secret holds nothing no more. */
  async saveCurrent(current: Credential, attempt: Attempt): Promise<void> {
    const { nothingSince: _over, ...rest } = this.#record;
    await this.#write({ ...rest, current, attempt });
  }

  async #write(record: RotationRecord): Promise<void> {
    const stored = await this.ports.rotations.put(record);
    if (!stored) throw new LeaseLost(`the record of ${this.rotation.name} has changed`);
    this.#record = stored;
  }

  async saveAttempt(change: Partial<Attempt>): Promise<void> {
    await this.save({ attempt: { ...this.attempt, ...change } });
  }

  get step(): string {
    return this.#step;
  }

  /** The lines of the journal that have not been written. */
  takeLines(): readonly RotationLine[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #note(kind: RotationLine["kind"], text: string): void {
    const { name: rotation } = this.rotation;
    this.#lines.push({ rotation, at: this.now, step: this.#step, kind, text });
  }
}
