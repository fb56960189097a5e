import Table from "cli-table3";
import { Command } from "commander";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import type { RotationItem } from "../../lambdas/contracts/rotation-item.ts";
import { connectTable } from "./connection.ts";
import { rotationRow } from "./rotation-row.ts";
import { readRotations } from "./rotations-reader.ts";

interface Options {
  readonly table?: string;
  readonly json?: boolean;
}

/** `drover rotations`: what is rotated, and how it stands with each. */
export function rotationsCommand(): Command {
  return new Command("rotations")
    .description("list what is rotated: kind, age, when it is next, state, and what it waits for")
    .option("--table <name>", `Drover's table (or ${ENVIRONMENT.table})`)
    .option("--json", "print the records as JSON; they hold accessors, and no secret")
    .addHelpText(
      "after",
      `
rotate-tokens looks at every rotation of the configuration each five minutes, and writes down what it
sees: one that is new in the configuration is here after that. The record of one that is configured no
more stays.

Example:
  drover rotations
  drover history NAME      what was seen and done, and when`,
    )
    .action(rotations);
}

async function rotations(options: Options): Promise<void> {
  const records = await readRotations(connectTable(options.table));
  if (options.json) console.log(JSON.stringify(records, null, 2));
  else console.log(records.length === 0 ? "nothing is rotated" : rotationsTable(records));
}

function rotationsTable(records: readonly RotationItem[]): string {
  const now = new Date();
  const table = new Table({
    head: ["name", "kind", "age", "next", "state", "waits for"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [null, null, null, null, null, 60],
  });
  for (const record of records) table.push(rotationRow(record, now));
  return table.toString();
}
