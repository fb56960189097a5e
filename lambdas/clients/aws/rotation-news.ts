import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import * as z from "zod";
import { RotationDetail } from "../../contracts/events/outcome-event.ts";
import { ROTATION_NEWS_DETAIL_TYPE } from "../../contracts/names.ts";
import type { RotationNews } from "../../domain/rotate/ports.ts";
import { putEvent } from "./put-event.ts";

/** What a `why` may be long: all that the consumers of many machines wrote would not go into an event. */
const WHY_CHARACTERS = 10_000;

/** What there is to tell of rotations, as events on Drover's own bus. */
export function createRotationNews(client: EventBridgeClient, bus: string): RotationNews {
  return {
    async tell(news) {
      const why = news.why.slice(0, WHY_CHARACTERS);
      const detail = z.encode(RotationDetail, { ...news, why });
      await putEvent(client, bus, { detailType: ROTATION_NEWS_DETAIL_TYPE, detail, at: news.at });
    },
  };
}
