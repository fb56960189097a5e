import Table from "cli-table3";
import { Command } from "commander";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import type { NodeItem } from "../../lambdas/contracts/node-item.ts";
import { connectTable } from "./connection.ts";
import { readUnfinished } from "./unfinished-reader.ts";

interface Options {
  readonly table?: string;
  readonly json?: boolean;
}

/** `drover status`: the nodes in work. */
export function statusCommand(): Command {
  return new Command("status")
    .description("list the nodes in work: phase, reason, deadline, and what each waits for")
    .option("--table <name>", `Drover's table (or ${ENVIRONMENT.table})`)
    .option("--json", "print the records as JSON")
    .action(status);
}

async function status(options: Options): Promise<void> {
  const records = await readUnfinished(connectTable(options.table));
  if (options.json) console.log(JSON.stringify(records, null, 2));
  else console.log(records.length === 0 ? "no node is in work" : statusTable(records));
}

function statusTable(records: readonly NodeItem[]): string {
  const now = new Date();
  const table = new Table({
    head: ["node", "group", "phase", "reason", "deadline", "waits for"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [null, null, null, null, null, 60],
  });
  for (const record of records) table.push(row(record, now));
  return table.toString();
}

function row({ nodeId, group, waiting, intents, deadlineAt }: NodeItem, now: Date): string[] {
  const reasons = [...new Set(intents.map(({ reason }) => reason))].join(", ");
  const left = Math.round((deadlineAt.getTime() - now.getTime()) / 1_000);
  const deadline = left >= 0 ? `in ${left} s` : `${-left} s ago`;
  const why = [waiting?.why, waiting?.detail].filter(Boolean).join(": ");
  return [nodeId, group ?? "-", waiting?.step ?? "starting", reasons, deadline, why || "-"];
}
