import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import * as z from "zod";
import { FindingDetail, OutcomeDetail } from "../../contracts/events/outcome-event.ts";
import { FINDING_DETAIL_TYPE, OUTCOME_DETAIL_TYPE, OUTCOME_SOURCE } from "../../contracts/names.ts";
import type { Outcomes } from "../../domain/ports/outcomes.ts";
import { FailedEntry } from "./failed-entry.ts";
import { sdkCall } from "./sdk-error.ts";

/** Outcomes and findings as events on Drover's own bus. */
export function createOutcomes(client: EventBridgeClient, bus: string): Outcomes {
  async function put(DetailType: string, detail: unknown, Time: Date): Promise<void> {
    const Detail = JSON.stringify(detail);
    const entry = { EventBusName: bus, Source: OUTCOME_SOURCE, DetailType, Detail, Time };
    await sdkCall("events", "events:PutEvents", async () => {
      const { Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
      const [result] = Entries ?? [];
      if (result?.EventId) return;
      const { ErrorCode = "NoEventId", ErrorMessage = "the event bus took no event" } =
        result ?? {};
      throw new FailedEntry(ErrorCode, ErrorMessage);
    });
  }

  return {
    tell: (news) => {
      const detail = z.encode(OutcomeDetail, { ...news, seen: [...news.seen] });
      return put(OUTCOME_DETAIL_TYPE, detail, news.at);
    },
    report: (finding) => put(FINDING_DETAIL_TYPE, z.encode(FindingDetail, finding), finding.at),
  };
}
