import type { Signs } from "./signs.ts";
import type { Verdict } from "./verdict.ts";

/** How a node is. */
export interface Diagnosis {
  readonly signs: Signs;
  readonly verdict: Verdict;
  /** What each source said, a line each. */
  readonly table: string;
}
