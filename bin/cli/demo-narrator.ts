import { setTimeout as sleep } from "node:timers/promises";
import type { NodeId } from "../../lambdas/contracts/ids.ts";
import type { Happening } from "../../local/demo/happening.ts";
import type { Narrator, Said } from "../../local/demo/narrator.ts";
import { Chronicle } from "./chronicle.ts";
import { connectTable } from "./connection.ts";
import { UserError } from "./failure.ts";
import { type Bookmark, readHistory } from "./history-reader.ts";

const LOOK_MILLISECONDS = 250;
/** Looks at the journals, after which everybody has told of an end. */
const LAST_LOOKS = 3;

/** A node whose journal goes into the chronicle as it grows. */
interface Followed {
  readonly nodeId: NodeId;
  readonly prefix: string;
  readonly lines: string[];
  bookmark: Bookmark | undefined;
  /** So many lines were there when an end was found last. */
  heard: number;
}

/** Tells a story on the timeline: what happens, and what Drover's journal says of its nodes. */
export class DemoNarrator implements Narrator {
  readonly #chronicle: Chronicle;
  readonly #endsAt: number;
  readonly #followed = new Map<NodeId, Followed>();
  // Once the stack has told where it is.
  #connection: ReturnType<typeof connectTable> | undefined;

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
    const prefix = name ? `${name}: ` : "";
    this.#followed.set(nodeId, { nodeId, prefix, lines: [], bookmark: undefined, heard: 0 });
  }

  /** @throws {UserError} when the time is over before. */
  async until(what: string, isSo: (said: Said) => boolean): Promise<void> {
    for (;;) {
      for (const followed of this.#followed.values()) await this.#readOn(followed);
      this.#chronicle.printSettled(new Date());
      if (isSo((nodeId) => this.#of(nodeId).lines)) return;
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

  #of(nodeId: NodeId): Followed {
    const followed = this.#followed.get(nodeId);
    if (followed) return followed;
    throw new Error(`the journal of ${nodeId} is not followed`);
  }

  async #readOn(followed: Followed): Promise<void> {
    this.#connection ??= connectTable(undefined);
    const { nodeId, prefix, lines } = followed;
    const page = await readHistory(this.#connection, nodeId, followed.bookmark);
    followed.bookmark = page.bookmark;
    for (const line of page.lines) {
      lines.push(line.text);
      this.#chronicle.add({ ...line, who: "Drover", text: `${prefix}${line.text}` });
    }
  }
}
