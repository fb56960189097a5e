import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { OUTCOME_SOURCE } from "../../contracts/names.ts";
import { FailedEntry } from "./failed-entry.ts";
import { sdkCall } from "./sdk-error.ts";

/** An event of Drover's, on its own bus. */
export interface DroverEvent {
  readonly detailType: string;
  /** At most 256 KiB, with the rest of the event, as JSON. */
  readonly detail: unknown;
  readonly at: Date;
}

/** Puts one event on a bus. @throws {PortError} of system `events`. */
export async function putEvent(
  client: EventBridgeClient,
  bus: string,
  { detailType, detail, at }: DroverEvent,
): Promise<void> {
  const entry = {
    EventBusName: bus,
    Source: OUTCOME_SOURCE,
    DetailType: detailType,
    Detail: JSON.stringify(detail),
    Time: at,
  };
  await sdkCall("events", "events:PutEvents", async () => {
    const { Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
    const [result] = Entries ?? [];
    if (result?.EventId) return;
    const { ErrorCode = "NoEventId", ErrorMessage = "the event bus took no event" } = result ?? {};
    throw new FailedEntry(ErrorCode, ErrorMessage);
  });
}
