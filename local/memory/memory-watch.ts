import type { WatchItem } from "../../lambdas/contracts/watch-item.ts";
import type { WatchRecord } from "../../lambdas/domain/rotate/ports.ts";

/** What was seen of the credentials that nobody rotates, in memory. */
export class MemoryWatch implements WatchRecord {
  #seen: WatchItem | undefined;

  async put(seen: WatchItem): Promise<void> {
    this.#seen = structuredClone(seen);
  }

  /** What the latest look has seen. */
  latest(): WatchItem | undefined {
    return structuredClone(this.#seen);
  }
}
