import Table from "cli-table3";
import { Command } from "commander";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import type { NodeItem } from "../../lambdas/contracts/node-item.ts";
import { connectTable } from "./connection.ts";
import { statusRow } from "./status-row.ts";
import { readUnfinished } from "./unfinished-reader.ts";

interface Options {
  readonly table?: string;
  readonly json?: boolean;
}

/** `drover status`: the nodes in work. */
export function statusCommand(): Command {
  return new Command("status")
    .description(
      "list the nodes in work: phase, reason, forced or by choice, deadline, and what each waits for",
    )
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
    head: ["node", "group", "flow", "phase", "reason", "how", "deadline", "waits for"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [null, null, null, null, null, null, null, 60],
  });
  for (const record of records) table.push(statusRow(record, now));
  return table.toString();
}
