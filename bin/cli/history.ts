import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import type { JournalItem } from "../../lambdas/contracts/journal-item.ts";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import { connectTable } from "./connection.ts";
import { UserError } from "./failure.ts";
import { type Bookmark, readHistory } from "./history-reader.ts";
import { timelineLine } from "./timeline.ts";

const FOLLOW_MILLISECONDS = 1_000;

interface Options {
  readonly table?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `drover history`: a node's journal as a timeline. */
export function historyCommand(): Command {
  return new Command("history")
    .description("show what was seen and done on a node, and when")
    .argument("<node>", "its id: an instance id such as i-0123456789abcdef0, or an announced name")
    .option("--table <name>", `Drover's table (or ${ENVIRONMENT.table})`)
    .option("-f, --follow", "go on showing what comes, until interrupted or finished")
    .option("--json", "print a JSON object a line")
    .action(history);
}

async function history(node: string, options: Options): Promise<void> {
  const nodeId = readNodeId(node);
  const connection = connectTable(options.table);
  let beganAt: Date | undefined;
  let bookmark: Bookmark | undefined;
  for (;;) {
    const page = await readHistory(connection, nodeId, bookmark);
    bookmark = page.bookmark;
    beganAt ??= page.lines[0]?.at;
    for (const line of page.lines) print(line, beganAt ?? line.at, options);
    if (!options.follow || isOver(page.lines)) break;
    await sleep(FOLLOW_MILLISECONDS);
  }
  if (!beganAt && !options.json) console.log(`nothing is written about ${nodeId}`);
}

/**
 * Whether the work is over after these lines: the last one says so. A node can be in work again
 * after it was finished with.
 */
export function isOver(lines: readonly Pick<JournalItem, "text">[]): boolean {
  return lines.at(-1)?.text.startsWith("finished") ?? false;
}

function print(line: JournalItem, beganAt: Date, { json }: Options): void {
  if (json) console.log(JSON.stringify(line));
  else console.log(timelineLine({ ...line, who: line.step }, beganAt));
}

/** @throws {UserError} when it is none. */
function readNodeId(text: string): NodeId {
  const result = NodeId.safeParse(text);
  if (result.success) return result.data;
  throw new UserError(`${text} is no node id: it ${result.error.issues[0]?.message}`);
}
