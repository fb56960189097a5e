import type { NodeAnnouncedEvent, NodeWithdrawnEvent } from "../../contracts/events/node-event.ts";
import type { Intent } from "../record.ts";

/** How long it may take to make Consul's catalog what was announced. */
const TIMEOUT_SECONDS = 900;

/** What a `drover.node` event asks for. */
export function announcementIntent(
  event: NodeAnnouncedEvent | NodeWithdrawnEvent,
  receivedAt: Date,
): Intent {
  return {
    key: `event/${event.id}`,
    eventId: event.id,
    account: event.account,
    occurredAt: new Date(Math.min(Date.parse(event.time), receivedAt.getTime())),
    receivedAt,
    deadlineAt: new Date(receivedAt.getTime() + TIMEOUT_SECONDS * 1_000),
    ...("address" in event.detail
      ? { reason: "announced", announced: event.detail }
      : { reason: "withdrawn" }),
  };
}
