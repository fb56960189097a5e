import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import * as z from "zod";
import { FindingDetail, OutcomeDetail } from "../../contracts/events/outcome-event.ts";
import { FINDING_DETAIL_TYPE, OUTCOME_DETAIL_TYPE } from "../../contracts/names.ts";
import type { Outcomes } from "../../domain/ports/outcomes.ts";
import { putEvent } from "./put-event.ts";

/** Outcomes and findings as events on Drover's own bus. */
export function createOutcomes(client: EventBridgeClient, bus: string): Outcomes {
  return {
    tell: (news) => {
      const detail = z.encode(OutcomeDetail, { ...news, seen: [...news.seen] });
      return putEvent(client, bus, { detailType: OUTCOME_DETAIL_TYPE, detail, at: news.at });
    },
    report: (finding) => {
      const detail = z.encode(FindingDetail, finding);
      return putEvent(client, bus, { detailType: FINDING_DETAIL_TYPE, detail, at: finding.at });
    },
  };
}
