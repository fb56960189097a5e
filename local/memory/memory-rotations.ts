import type { RotationName } from "../../lambdas/contracts/config/rotate.ts";
import type { RotationLine } from "../../lambdas/contracts/rotation-line.ts";
import type { RotationJournal, Rotations } from "../../lambdas/domain/rotate/ports.ts";
import type { RotationRecord } from "../../lambdas/domain/rotate/record.ts";
import { MemoryRecords } from "./memory-records.ts";

/** The records of rotations in memory. */
export class MemoryRotations
  extends MemoryRecords<RotationName, RotationRecord>
  implements Rotations
{
  constructor() {
    super(({ name }) => name);
  }

  async underWay(): Promise<readonly RotationRecord[]> {
    return this.all().filter(({ attempt }) => attempt !== undefined);
  }
}

/** The rotations' journal in memory. */
export class MemoryRotationJournal implements RotationJournal {
  readonly #lines: RotationLine[] = [];

  async write(lines: readonly RotationLine[]): Promise<void> {
    this.#lines.push(...structuredClone(lines));
  }

  /** A rotation's lines, in the order they were written. */
  of(name: RotationName): RotationLine[] {
    return this.all().filter(({ rotation }) => rotation === name);
  }

  /** What was written of all of them. */
  all(): RotationLine[] {
    return structuredClone(this.#lines);
  }
}
