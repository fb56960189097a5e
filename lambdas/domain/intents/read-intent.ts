import type { Config } from "../../contracts/config.ts";
import type { NodeId } from "../../contracts/ids.ts";
import type { Message } from "../../contracts/message.ts";
import type { Intent } from "../record.ts";
import { announcementIntent } from "./announcement-intent.ts";
import { launchIntent } from "./launch-intent.ts";
import { terminateIntent } from "./terminate-intent.ts";

/** A message that asks for work on a node. */
export type Request = Exclude<Message, { kind: "tick" | "test-notification" }>;

/** Which node an event is about. */
export function nodeOf({ event }: Request): NodeId {
  const { detail } = event;
  return "nodeId" in detail ? detail.nodeId : detail.EC2InstanceId;
}

/** What an event asks for. */
export function readIntent(request: Request, config: Config, receivedAt: Date): Intent {
  switch (request.kind) {
    case "terminate-hook":
      return terminateIntent(request.event, config, receivedAt);
    case "launch-hook":
      return launchIntent(request.event, config, receivedAt);
    case "node-announced":
    case "node-withdrawn":
      return announcementIntent(request.event, receivedAt);
  }
}
