import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { replayEntry } from "../../lambdas/contracts/replay.ts";
import { TRIGGERS } from "../../lambdas/contracts/triggers.ts";

type Event = Readonly<Record<string, unknown>>;

/**
 * The `PutEvents` entry of an event: as it is if Drover's bus is where such events are put anyway,
 * else wrapped for replay.
 */
export function busEntry(event: Event, busName: string): PutEventsRequestEntry {
  if (!isOwn(event)) return replayEntry(event, busName);
  const { source, "detail-type": detailType, detail, resources, time } = event;
  return {
    EventBusName: busName,
    Source: String(source),
    DetailType: String(detailType),
    Detail: JSON.stringify(detail ?? {}),
    ...(Array.isArray(resources) && { Resources: resources.map(String) }),
    ...(typeof time === "string" && isTime(time) && { Time: new Date(time) }),
  };
}

/** The event as a function will see it: EventBridge gives one that is put as it is these fields. */
export function asDelivered(event: Event): Event {
  if (!isOwnSource(event)) return event;
  return {
    time: new Date().toISOString(),
    ...event,
    id: "of EventBridge",
    account: "000000000000",
    region: "of EventBridge",
  };
}

/**
 * Whether it is an event that comes to Drover's own bus and nowhere else. One of such a source whose
 * type nobody knows is none: no rule would match it there, and nobody would hear of it.
 */
function isOwn(event: Event): boolean {
  const isOfType = OWN.some(({ detailType }) => detailType.some((t) => t === event["detail-type"]));
  return isOwnSource(event) && isOfType;
}

function isOwnSource({ source }: Event): boolean {
  return OWN.some((trigger) => trigger.source.some((name) => name === source));
}

const OWN = TRIGGERS.filter(({ on }) => on === "drover");

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}
