import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import * as z from "zod";
import { OutcomeDetail } from "../../contracts/events/outcome-event.ts";
import { OUTCOME_DETAIL_TYPE, OUTCOME_SOURCE } from "../../contracts/names.ts";
import type { Outcomes } from "../../domain/ports/outcomes.ts";
import { sdkCall } from "./sdk-error.ts";

/** Outcomes as events on Drover's own bus. */
export function createOutcomes(client: EventBridgeClient, bus: string): Outcomes {
  return {
    async tell(news) {
      const entry = {
        EventBusName: bus,
        Source: OUTCOME_SOURCE,
        DetailType: OUTCOME_DETAIL_TYPE,
        Detail: JSON.stringify(z.encode(OutcomeDetail, { ...news, seen: [...news.seen] })),
        Time: news.at,
      };
      await sdkCall("events", "events:PutEvents", async () => {
        const { Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
        // An entry that failed stands in an answer of 200.
        const [result] = Entries ?? [];
        if (!result?.EventId) throw new FailedEntry(result?.ErrorCode, result?.ErrorMessage);
      });
    },
  };
}

class FailedEntry extends Error {
  constructor(code = "NoEventId", message = "the event bus took no event") {
    super(message);
    this.name = code;
  }
}
