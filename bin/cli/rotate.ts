import { Command } from "commander";
import {
  ENVIRONMENT,
  ROTATION_DETAIL_TYPE,
  ROTATION_SOURCE,
} from "../../lambdas/contracts/names.ts";
import type { RotationItem } from "../../lambdas/contracts/rotation-item.ts";
import { busEntry } from "./bus-entry.ts";
import { connectTable, given, type TableConnection } from "./connection.ts";
import { UserError } from "./failure.ts";
import { follow, rotationJournal } from "./follow.ts";
import { putOnBus } from "./put-on-bus.ts";
import { readRotations } from "./rotations-reader.ts";

interface Options {
  readonly bus?: string;
  readonly table?: string;
  readonly dryRun?: boolean;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `drover rotate`: has something rotated now. */
export function rotateCommand(): Command {
  return new Command("rotate")
    .description("have something rotated now, or hear what would be done")
    .argument("<name>", "of the rotation, as drover rotations lists it")
    .option("--dry-run", "change nothing: look at all it needs, and say what would be done")
    .option("-f, --follow", "show what is done, until it is done: that takes the grace period")
    .option("--bus <name>", `name of Drover's bus (or ${ENVIRONMENT.bus})`)
    .option("--table <name>", `Drover's table (or ${ENVIRONMENT.table})`)
    .option("--json", "print JSON, a line each")
    .addHelpText(
      "after",
      `
It puts an event on Drover's bus; rotate-tokens does the rest, and its journal tells of it:

  drover rotate nomad-vault-token --dry-run --follow
  drover rotate nomad-vault-token
  drover history nomad-vault-token --follow

The one before lives on until the consumers have shown that they use the new one and the grace period is
over. One that is under way is not begun again.`,
    )
    .action(rotate);
}

async function rotate(name: string, options: Options): Promise<void> {
  const { dryRun = false, json } = options;
  const bus = given("--bus", options.bus, ENVIRONMENT.bus);
  const connection = connectTable(options.table);
  const { name: known, attempt } = await find(name, connection);
  if (attempt && !dryRun) {
    const since = attempt.startedAt.toISOString();
    throw new UserError(
      `${known} is being rotated since ${since} (drover history ${known} tells how far it is)`,
    );
  }
  const journal = rotationJournal(connection, known, dryRun ? "rehearsal" : "attempt");
  await journal.skip();
  const event = { source: ROTATION_SOURCE, "detail-type": ROTATION_DETAIL_TYPE };
  const eventId = await putOnBus(busEntry({ ...event, detail: { name: known, dryRun } }, bus));
  if (json) console.log(JSON.stringify({ bus, eventId, rotation: known, dryRun }));
  else console.log(`asked for ${known} to be rotated${dryRun ? ", as a rehearsal" : ""}`);
  if (options.follow) await follow([journal], { follow: true, ...(json && { json }) });
  else if (!json) console.log(`drover history ${known} --follow shows what is done`);
}

/** @throws {UserError} for one that nobody knows, before anything is put. */
async function find(name: string, connection: TableConnection): Promise<RotationItem> {
  const records = await readRotations(connection);
  const found = records.find((record) => record.name === name);
  if (found) return found;
  const names = records.map((record) => record.name).join(", ") || "none";
  throw new UserError(
    `no rotation is called ${name}; there are: ${names}. One that is new in the configuration is known ` +
      "five minutes after its deployment",
  );
}
