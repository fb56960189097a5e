import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import { UserError } from "./failure.ts";

/** Puts an event on its bus. @returns its id. @throws {UserError} when the bus refuses it. */
export async function putOnBus(entry: PutEventsRequestEntry): Promise<string> {
  const answer = await new EventBridgeClient({}).send(new PutEventsCommand({ Entries: [entry] }));
  const [result] = answer.Entries ?? [];
  if (result?.EventId) return result.EventId;
  const why = `${result?.ErrorCode}: ${result?.ErrorMessage}`;
  throw new UserError(`${entry.EventBusName} refused it: ${why}`);
}
