import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { Command } from "commander";
import { type Message, parseMessage, UnparsableMessage } from "../../lambdas/contracts/message.ts";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import { asDelivered, busEntry } from "./bus-entry.ts";
import { given } from "./connection.ts";
import { UserError } from "./failure.ts";
import { setField } from "./set-field.ts";

interface Options {
  readonly bus?: string;
  readonly set: readonly string[];
  readonly now?: boolean;
  readonly check: boolean;
  readonly json?: boolean;
}

/** Older than this, and the work's deadline (15 minutes after the event, by default) has passed. */
const OLDEST_MINUTES = 15;

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
    .option("--set <path=value>", "change a field, as in detail.EC2InstanceId=i-…", collect, [])
    .option("--no-check", "put it even if no function would understand it")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
An event is only a hint: Drover acts on an instance only if Auto Scaling says that it comes or leaves.
Events of source drover.node, which announce and withdraw nodes outside Auto Scaling, are put as they
are, and need only source, detail-type and detail: EventBridge adds the rest.

Examples:
  drover put-event event.json --now --set detail.EC2InstanceId=i-0123456789abcdef0
  drover put-event node.json --set detail.address=192.0.2.10`,
    )
    .action(putEvent);
}

async function putEvent(file: string, options: Options): Promise<void> {
  const busName = given("--bus", options.bus, ENVIRONMENT.bus);
  let event = readEvent(file);
  if (options.now) event = { ...event, id: randomUUID(), time: new Date().toISOString() };
  for (const assignment of options.set) event = setField(event, assignment);
  if (options.check) check(event, nameOf(file), options.now === true);
  const entry = busEntry(event, busName);
  const answer = await new EventBridgeClient({}).send(new PutEventsCommand({ Entries: [entry] }));
  const [result] = answer.Entries ?? [];
  if (!result?.EventId) {
    throw new UserError(`${busName} refused it: ${result?.ErrorCode}: ${result?.ErrorMessage}`);
  }
  if (options.json) console.log(JSON.stringify({ bus: busName, eventId: result.EventId }));
  else console.log(`put ${event["detail-type"]} on ${busName} (event ${result.EventId})`);
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

function check(event: Record<string, unknown>, name: string, isNew: boolean): void {
  const message = read(event, name);
  if (isNew || !("event" in message)) return;
  const { time } = message.event;
  if (Date.parse(time) >= Date.now() - OLDEST_MINUTES * 60_000) return;
  throw new UserError(
    `${name}: time: ${time} is more than ${OLDEST_MINUTES} minutes ago, so its deadline would ` +
      "have passed: add --now to give it the present time (--no-check puts it as it is)",
  );
}

function read(event: Record<string, unknown>, name: string): Message {
  try {
    return parseMessage(JSON.stringify(asDelivered(event)));
  } catch (error) {
    if (!(error instanceof UnparsableMessage)) throw error;
    throw new UserError(`${name}: ${error.message} (--no-check puts it all the same)`);
  }
}
