import { randomUUID } from "node:crypto";
import { type Message, parseMessage, UnparsableMessage } from "../../lambdas/contracts/message.ts";
import { asDelivered } from "./bus-entry.ts";
import { UserError } from "./failure.ts";
import { setField } from "./set-field.ts";
import { whyTooLate } from "./timeliness.ts";

/** How an event is changed before it is put. */
export interface EventChanges {
  /** Gives it a new id and the present time. */
  readonly now?: boolean;
  /** Fields to change, as `path=value`. */
  readonly set: readonly string[];
  /** Whether one that no function would act on is refused. */
  readonly check: boolean;
}

/**
 * The event as it is to be put.
 * @param name what errors call it.
 * @throws {UserError} for a field that can't be set, and for an event that no function would act on.
 */
export function eventToPut(
  event: Record<string, unknown>,
  name: string,
  { now, set, check }: EventChanges,
  at: Date,
): Record<string, unknown> {
  const renewed = now ? { ...event, id: randomUUID(), time: at.toISOString() } : event;
  const changed = set.reduce(setField, renewed);
  if (check) refuseUseless(changed, name, at);
  return changed;
}

function refuseUseless(event: Record<string, unknown>, name: string, at: Date): void {
  const message = read(event, name);
  if (!("event" in message)) {
    throw new UserError(`${name}: it is no event of EventBridge's (source, detail-type, detail)`);
  }
  if (message.kind === "scheduled") {
    throw new UserError(`${name}: no rule leads it to a function: its own does so every minute`);
  }
  const why = whyTooLate(message, at);
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
