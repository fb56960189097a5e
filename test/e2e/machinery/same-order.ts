import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/** The files in the order of their names each time; vitest's own order follows the last run. */
export class SameOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}
