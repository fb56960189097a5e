import Table from "cli-table3";
import { Command } from "commander";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import type { RotationItem } from "../../lambdas/contracts/rotation-item.ts";
import type { WatchItem } from "../../lambdas/contracts/watch-item.ts";
import { connectTable } from "./connection.ts";
import { rotationRow } from "./rotation-row.ts";
import { readRotations, readWatch } from "./rotations-reader.ts";
import { watchedRow } from "./watched-row.ts";

interface Options {
  readonly table?: string;
  readonly json?: boolean;
}

/** `drover rotations`: what is rotated, and what is only watched, and how it stands with each. */
export function rotationsCommand(): Command {
  return new Command("rotations")
    .description(
      "list what is rotated, and what is watched: kind, age, when it is next, state, what it waits for",
    )
    .option("--table <name>", `Drover's table (or ${ENVIRONMENT.table})`)
    .option("--json", "print the records as JSON; they hold accessors, and no secret")
    .addHelpText(
      "after",
      `
rotate-tokens looks at every rotation of the configuration each five minutes, and writes down what it
sees: one that is new in the configuration is here after that. The record of one that is configured no
more stays. What Drover is let in with and nobody rotates is listed as "not rotated", by the field of the
configuration that names it: lives, expiring, dead, or unseen when nobody could be asked.

Example:
  drover rotations
  drover history NAME      what was seen and done, and when`,
    )
    .action(rotations);
}

async function rotations(options: Options): Promise<void> {
  const connection = connectTable(options.table);
  const [records, watch] = await Promise.all([readRotations(connection), readWatch(connection)]);
  const watched = watch?.credentials ?? [];
  if (options.json) {
    const notRotated = watched.map((one) => ({ ...one, rotated: false }));
    console.log(JSON.stringify([...records, ...notRotated], null, 2));
  } else if (records.length + watched.length === 0) console.log("nothing is rotated or watched");
  else console.log(tableOf(rowsOf(records, watch, new Date())));
}

function rowsOf(
  records: readonly RotationItem[],
  watch: WatchItem | undefined,
  now: Date,
): readonly string[][] {
  const watched = watch?.credentials.map((one) => watchedRow(one, watch.lookedAt, now)) ?? [];
  return [...records.map((record) => rotationRow(record, now)), ...watched];
}

function tableOf(rows: readonly string[][]): string {
  const table = new Table({
    head: ["name", "kind", "age", "next", "state", "waits for"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [null, null, null, null, null, 60],
  });
  table.push(...rows);
  return table.toString();
}
