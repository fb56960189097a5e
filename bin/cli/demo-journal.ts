import { setTimeout as sleep } from "node:timers/promises";
import type { NodeId } from "../../lambdas/contracts/ids.ts";
import type { JournalItem } from "../../lambdas/contracts/journal-item.ts";
import type { Chronicle } from "./chronicle.ts";
import { connectTable } from "./connection.ts";
import { UserError } from "./failure.ts";
import { isOver } from "./history.ts";
import { type Bookmark, readHistory } from "./history-reader.ts";

const LOOK_MILLISECONDS = 250;

/** The journal of the demo's instance, which goes into the chronicle as it grows. */
export class DemoJournal {
  readonly #nodeId: NodeId;
  readonly #chronicle: Chronicle;
  readonly #endsAt: number;
  readonly #connection = connectTable(undefined);
  #bookmark: Bookmark | undefined;

  constructor(nodeId: NodeId, chronicle: Chronicle, limitSeconds: number) {
    this.#nodeId = nodeId;
    this.#chronicle = chronicle;
    this.#endsAt = Date.now() + limitSeconds * 1_000;
  }

  /** @throws {UserError} when the work ends with another outcome, or not before the time is over. */
  async untilFinished(outcome: string): Promise<void> {
    let last: string | undefined;
    await this.until(`finished, ${outcome}`, (lines) => {
      if (isOver(lines)) last = lines.at(-1)?.text;
      return last !== undefined;
    });
    if (!last?.startsWith(`finished, ${outcome}:`)) {
      throw new UserError(`this was to end as ${outcome}, and it says: ${last}`);
    }
  }

  /**
   * Reads on until something is so.
   * @param isSo is given what was written since it was asked before.
   * @throws {UserError} when the time is over before.
   */
  async until(what: string, isSo: (lines: readonly JournalItem[]) => boolean): Promise<void> {
    for (;;) {
      const page = await readHistory(this.#connection, this.#nodeId, this.#bookmark);
      this.#bookmark = page.bookmark;
      for (const line of page.lines) this.#chronicle.add({ ...line, who: "Drover" });
      this.#chronicle.printSettled(new Date());
      if (isSo(page.lines)) return;
      if (Date.now() > this.#endsAt)
        throw new UserError(`the demo's time was over before: ${what}`);
      await sleep(LOOK_MILLISECONDS);
    }
  }
}
