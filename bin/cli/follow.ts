import { setTimeout as sleep } from "node:timers/promises";
import type { RotationName } from "../../lambdas/contracts/config/rotate.ts";
import type { NodeId } from "../../lambdas/contracts/ids.ts";
import type { JournalItem } from "../../lambdas/contracts/journal-item.ts";
import { ROTATION_OUTCOMES } from "../../lambdas/contracts/rotation-item.ts";
import type { TableConnection } from "./connection.ts";
import { type HistoryPage, readHistory, readRotationHistory } from "./history-reader.ts";
import { timelineLine } from "./timeline.ts";

const FOLLOW_MILLISECONDS = 1_000;
const REHEARSAL = "rehearse";

type Line = Pick<JournalItem, "at" | "step" | "kind" | "text">;

/** A journal that is read on and on. */
interface Journal {
  /** What has come since the last time. */
  read(): Promise<readonly Line[]>;
  /** Leaves out what there is already. */
  skip(): Promise<void>;
  /** Whether the work is over after these lines. */
  isOver(lines: readonly Line[]): boolean;
}

/** A node's; it can be in work again after it was finished with. */
export function nodeJournal(connection: TableConnection, nodeId: NodeId): Journal {
  return journal((bookmark) => readHistory(connection, nodeId, bookmark), isOver);
}

/** A rotation's: of an attempt, or of a rehearsal, which is written at once. */
export function rotationJournal(
  connection: TableConnection,
  name: RotationName,
  until: "attempt" | "rehearsal" = "attempt",
): Journal {
  return journal(
    (bookmark) => readRotationHistory(connection, name, bookmark),
    until === "attempt" ? isRotated : isRehearsed,
  );
}

/**
 * Prints journals as one timeline.
 * @returns whether there was anything to print.
 */
export async function follow(
  journals: readonly Journal[],
  options: { readonly follow?: boolean; readonly json?: boolean },
): Promise<boolean> {
  let beganAt: Date | undefined;
  for (;;) {
    const pages = await Promise.all(journals.map((each) => each.read()));
    const lines = pages.flat().sort((a, b) => a.at.getTime() - b.at.getTime());
    beganAt ??= lines[0]?.at;
    for (const line of lines) print(line, beganAt ?? line.at, options);
    const isEnd = journals.some((each, index) => each.isOver(pages[index] ?? []));
    if (!options.follow || isEnd) return beganAt !== undefined;
    await sleep(FOLLOW_MILLISECONDS);
  }
}

/** Whether the work on a node is over after these lines: the last one says so. */
export function isOver(lines: readonly Pick<Line, "text">[]): boolean {
  return lines.at(-1)?.text.startsWith("finished") ?? false;
}

function isRotated(lines: readonly Pick<Line, "text">[]): boolean {
  const last = lines.at(-1)?.text ?? "";
  return ROTATION_OUTCOMES.some((outcome) => last.startsWith(`${outcome}: `));
}

function isRehearsed(lines: readonly Pick<Line, "step">[]): boolean {
  return lines.some(({ step }) => step === REHEARSAL);
}

function journal(
  readFrom: (bookmark: string | undefined) => Promise<HistoryPage<Line>>,
  isEnd: Journal["isOver"],
): Journal {
  let bookmark: string | undefined;
  async function read() {
    const page = await readFrom(bookmark);
    bookmark = page.bookmark;
    return page.lines;
  }
  return {
    read,
    async skip() {
      await read();
    },
    isOver: isEnd,
  };
}

function print(line: Line, beganAt: Date, { json }: { readonly json?: boolean }): void {
  if (json) console.log(JSON.stringify(line));
  else console.log(timelineLine({ ...line, who: line.step }, beganAt));
}
