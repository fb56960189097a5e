import type { Config } from "../../contracts/config.ts";
import { instanceOf, type StatusAlarmEvent } from "../../contracts/events/alarm-event.ts";
import { affectedInstances, type HealthEvent } from "../../contracts/events/health-event.ts";
import type { Hint, HintReason } from "../../contracts/hint.ts";
import type { GroupName, NodeId } from "../../contracts/ids.ts";
import type { Message } from "../../contracts/message.ts";
import type { Intent } from "../record.ts";
import { announcementIntent } from "./announcement-intent.ts";
import { ec2Intent } from "./ec2-intent.ts";
import { hintIntent } from "./hint-intent.ts";
import { launchIntent } from "./launch-intent.ts";
import { terminateIntent } from "./terminate-intent.ts";

/** What a message asks of one node. */
export interface Ask {
  readonly nodeId: NodeId;
  /**
   * Makes the intent, by the policies of the node's group if the message does not name one. Without an
   * intent: look at the node again, if it is in work anyway.
   */
  readonly intent?: (group: GroupName | undefined) => Intent;
  /** Anybody's instance can be meant: whose it is has to be asked before a record is begun. */
  readonly isAnybodys?: true;
}

/** A message that is about nodes. */
export type Request = Exclude<
  Message,
  {
    kind:
      | "tick"
      | "test-notification"
      | "refresh"
      | "scheduled"
      | "rotation"
      | "rotation-requested";
  }
>;

/** What a message asks for, a node each: one, but for a health event. */
export function asksOf(request: Request, config: Config, receivedAt: Date): readonly Ask[] {
  switch (request.kind) {
    case "terminate-hook": {
      const { event } = request;
      const intent = () => terminateIntent(event, config, receivedAt);
      return [{ nodeId: event.detail.EC2InstanceId, intent }];
    }
    case "launch-hook": {
      const { event } = request;
      const intent = () => launchIntent(event, config, receivedAt);
      return [{ nodeId: event.detail.EC2InstanceId, intent }];
    }
    case "node-announced":
    case "node-withdrawn": {
      const { event } = request;
      return [{ nodeId: event.detail.nodeId, intent: () => announcementIntent(event, receivedAt) }];
    }
    case "spot-interruption":
    case "rebalance":
    case "capacity-interruption":
    case "state-change": {
      const nodeId = request.event.detail["instance-id"];
      const intent = (group: GroupName | undefined) =>
        ec2Intent(request, group, config, receivedAt);
      return [{ nodeId, intent, isAnybodys: true }];
    }
    case "health":
      return healthAsks(request.event, config, receivedAt);
    case "status-alarm":
      return alarmAsks(request.event, config, receivedAt);
    case "command-result":
      return [{ nodeId: request.event.detail["instance-id"] }];
    case "hint": {
      const { hint } = request;
      const intent = (group: GroupName | undefined) => hintIntent(hint, group, config, receivedAt);
      const isAnybodys = hint.hint.reason === "health";
      return [{ nodeId: hint.nodeId, intent, ...(isAnybodys && { isAnybodys }) }];
    }
  }
}

/** What a health event with several instances is split into. */
export function healthHints(event: HealthEvent): Hint[] {
  const { eventArn, eventTypeCode, startTime } = event.detail;
  return affectedInstances(event).map((nodeId) => {
    const { hint } = hintOf(nodeId, "health", eventTypeCode, event);
    return { nodeId, hint: { ...hint, key: `health/${eventArn}`, deadlineAt: startTime } };
  });
}

// One that is closed is over or called off: what is still to come is read from EC2 in any case.
function healthAsks(event: HealthEvent, config: Config, receivedAt: Date): Ask[] {
  if (event.detail.statusCode === "closed") {
    return affectedInstances(event).map((nodeId) => ({ nodeId }));
  }
  return healthHints(event).map((hint) => ({
    nodeId: hint.nodeId,
    intent: (group) => ({
      ...hintIntent(hint, group, config, receivedAt),
      account: event.account,
    }),
    isAnybodys: true,
  }));
}

// An alarm that is over asks for nothing but a look. One about several instances does not say which.
function alarmAsks(event: StatusAlarmEvent, config: Config, receivedAt: Date): Ask[] {
  const { alarmName, state } = event.detail;
  const nodeId = instanceOf(event);
  if (!nodeId) return [];
  if (state.value !== "ALARM") return [{ nodeId }];
  const hint = hintOf(nodeId, "unhealthy", `alarm ${alarmName}`, event);
  const intent = (group: GroupName | undefined) => ({
    ...hintIntent(hint, group, config, receivedAt),
    account: event.account,
  });
  return [{ nodeId, intent, isAnybodys: true }];
}

function hintOf(
  nodeId: NodeId,
  reason: HintReason,
  why: string,
  { id, time }: { readonly id: string; readonly time: string },
): Hint {
  return { nodeId, hint: { key: `event/${id}`, reason, occurredAt: new Date(time), why } };
}
