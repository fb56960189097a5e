import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { type Message, parseMessage, UnparsableMessage } from "../../lambdas/contracts/message.ts";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import { asDelivered, busEntry } from "./bus-entry.ts";
import { given } from "./connection.ts";
import { UserError } from "./failure.ts";
import { PUT_EVENT_HELP } from "./put-event-help.ts";
import { putOnBus } from "./put-on-bus.ts";
import { setField } from "./set-field.ts";
import { whyTooLate } from "./timeliness.ts";

interface Options {
  readonly bus?: string;
  readonly set: readonly string[];
  readonly now?: boolean;
  readonly check: boolean;
  readonly json?: boolean;
}

const collect = (value: string, before: readonly string[]) => [...before, value];

/** `drover put-event`: replays an event on Drover's own bus, or announces a node there. */
export function putEventCommand(): Command {
  return new Command("put-event")
    .description(
      "put an event on Drover's bus: one of AWS's as if AWS had sent it, or one of your own",
    )
    .argument("<file>", "a file with the whole EventBridge event as JSON, or - for standard input")
    .option("--bus <name>", `name of Drover's bus (or ${ENVIRONMENT.bus})`)
    .option("--now", "give it a new id and the present time: its deadline counts from then")
    .option(
      "--set <path=value>",
      "change a field, as in detail.instance-id=i-… or detail.affectedEntities.0.entityValue=i-…",
      collect,
      [],
    )
    .option("--no-check", "put it even if no function would understand it")
    .option("--json", "print the result as JSON")
    .addHelpText("after", PUT_EVENT_HELP)
    .action(putEvent);
}

async function putEvent(file: string, options: Options): Promise<void> {
  const busName = given("--bus", options.bus, ENVIRONMENT.bus);
  let event = readEvent(file);
  if (options.now) event = { ...event, id: randomUUID(), time: new Date().toISOString() };
  for (const assignment of options.set) event = setField(event, assignment);
  if (options.check) check(event, nameOf(file));
  const entry = busEntry(event, busName);
  const eventId = await putOnBus(entry);
  if (options.json) console.log(JSON.stringify({ bus: busName, eventId }));
  else console.log(`put ${event["detail-type"]} on ${busName} (event ${eventId})`);
}

function readEvent(file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(file === "-" ? 0 : file, "utf8"));
    if (typeof value === "object" && value !== null) return { ...value };
    throw new Error("it is not an object");
  } catch (cause) {
    throw new UserError(`${nameOf(file)} holds no event: ${(cause as Error).message}`, { cause });
  }
}

function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}

function check(event: Record<string, unknown>, name: string): void {
  const message = read(event, name);
  if (!("event" in message)) {
    throw new UserError(`${name}: it is no event of EventBridge's (source, detail-type, detail)`);
  }
  if (message.kind === "scheduled") {
    throw new UserError(`${name}: no rule leads it to a function: its own does so every minute`);
  }
  const why = whyTooLate(message, new Date());
  if (why) throw new UserError(`${name}: ${why} (--no-check puts it as it is)`);
}

function read(event: Record<string, unknown>, name: string): Message {
  try {
    return parseMessage(JSON.stringify(asDelivered(event)));
  } catch (error) {
    if (!(error instanceof UnparsableMessage)) throw error;
    throw new UserError(`${name}: ${error.message} (--no-check puts it all the same)`);
  }
}
