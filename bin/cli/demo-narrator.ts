import { setTimeout as sleep } from "node:timers/promises";
import type { RotationName } from "../../lambdas/contracts/config/rotate.ts";
import type { NodeId } from "../../lambdas/contracts/ids.ts";
import type { JournalItem } from "../../lambdas/contracts/journal-item.ts";
import type { Happening } from "../../local/demo/happening.ts";
import type { Narrator, Said } from "../../local/demo/narrator.ts";
import { Chronicle } from "./chronicle.ts";
import { connectTable, type TableConnection } from "./connection.ts";
import { UserError } from "./failure.ts";
import {
  type Bookmark,
  type HistoryPage,
  readHistory,
  readRotationHistory,
} from "./history-reader.ts";

const LOOK_MILLISECONDS = 250;
/** Looks at the journals, after which everybody has told of an end. */
const LAST_LOOKS = 3;

type Line = Pick<JournalItem, "at" | "kind" | "text">;

/** A journal that goes into the chronicle as it grows. */
interface Followed {
  readonly prefix: string;
  /** Reads what has come since the bookmark. */
  readonly read: (
    connection: TableConnection,
    bookmark: Bookmark | undefined,
  ) => Promise<HistoryPage<Line>>;
  readonly lines: string[];
  bookmark: Bookmark | undefined;
  /** So many lines were there when an end was found last. */
  heard: number;
}

/** Tells a story on the timeline: what happens, and what Drover's journal says of its nodes. */
export class DemoNarrator implements Narrator {
  readonly #chronicle: Chronicle;
  readonly #endsAt: number;
  readonly #followed = new Map<NodeId | RotationName, Followed>();
  // Once the stack has told where it is.
  #connection: TableConnection | undefined;

  constructor(print: (text: string) => void, limitSeconds: number) {
    this.#chronicle = new Chronicle(new Date(), print);
    this.#endsAt = Date.now() + limitSeconds * 1_000;
  }

  chapter(text: string): void {
    this.#chronicle.chapter(text);
  }

  tell(happening: Happening): void {
    this.#chronicle.add({ ...happening, kind: "saw" });
  }

  follow(nodeId: NodeId, name?: string): void {
    const read: Followed["read"] = (connection, bookmark) =>
      readHistory(connection, nodeId, bookmark);
    this.#follow(nodeId, read, name ? `${name}: ` : "");
  }

  followRotation(name: RotationName): void {
    this.#follow(name, (connection, bookmark) => readRotationHistory(connection, name, bookmark));
  }

  /** @throws {UserError} when the time is over before. */
  async until(what: string, isSo: (said: Said) => boolean): Promise<void> {
    for (;;) {
      for (const followed of this.#followed.values()) await this.#readOn(followed);
      this.#chronicle.printSettled(new Date());
      if (isSo((of) => this.#of(of).lines)) return;
      if (Date.now() > this.#endsAt) {
        this.chapter("");
        throw new UserError(`the demo's time was over before this: ${what}`);
      }
      await sleep(LOOK_MILLISECONDS);
    }
  }

  /** @throws {UserError} when the work ends otherwise, or not before the time is over. */
  async untilFinished(nodeId: NodeId, outcome: string): Promise<void> {
    const followed = this.#of(nodeId);
    const { heard, prefix } = followed;
    const isEnd = (line: string, index: number) => index >= heard && line.startsWith("finished");
    await this.until(`${prefix}finished, ${outcome}`, (said) => said(nodeId).some(isEnd));
    const index = followed.lines.findIndex(isEnd);
    const end = followed.lines[index];
    followed.heard = index + 1;
    if (end?.startsWith(`finished, ${outcome}:`)) return;
    this.chapter("");
    throw new UserError(`${prefix}this was to end as ${outcome}, and it says: ${end}`);
  }

  async untilAllTold(): Promise<void> {
    let looks = 0;
    await this.until("all is told", () => ++looks % LAST_LOOKS === 0);
  }

  #follow(of: NodeId | RotationName, read: Followed["read"], prefix = ""): void {
    this.#followed.set(of, { read, prefix, lines: [], bookmark: undefined, heard: 0 });
  }

  #of(of: NodeId | RotationName): Followed {
    const followed = this.#followed.get(of);
    if (followed) return followed;
    throw new Error(`the journal of ${of} is not followed`);
  }

  async #readOn(followed: Followed): Promise<void> {
    this.#connection ??= connectTable(undefined);
    const { prefix, lines } = followed;
    const page = await followed.read(this.#connection, followed.bookmark);
    followed.bookmark = page.bookmark;
    for (const line of page.lines) {
      lines.push(line.text);
      this.#chronicle.add({ ...line, who: "Drover", text: `${prefix}${line.text}` });
    }
  }
}
