import type * as z from "zod";
import { EventEnvelope } from "./envelope.ts";
import {
  LaunchLifecycleEvent,
  TerminateLifecycleEvent,
  TestNotification,
} from "./lifecycle-event.ts";
import { NODE_DETAIL_TYPES, NODE_SOURCE } from "./names.ts";
import { NodeAnnouncedEvent, NodeWithdrawnEvent } from "./node-event.ts";
import { Tick } from "./tick.ts";

/** What a flow's queue can carry. */
export type Message =
  | { readonly kind: "tick"; readonly tick: Tick }
  | { readonly kind: "terminate-hook"; readonly event: TerminateLifecycleEvent }
  | { readonly kind: "launch-hook"; readonly event: LaunchLifecycleEvent }
  | { readonly kind: "node-announced"; readonly event: NodeAnnouncedEvent }
  | { readonly kind: "node-withdrawn"; readonly event: NodeWithdrawnEvent }
  | { readonly kind: "test-notification" };

/** A message that means nothing to Drover. The text names the field and what it should be. */
export class UnparsableMessage extends Error {
  override readonly name = "UnparsableMessage";
}

type Parser = (body: unknown) => Message;

const eventParsers: Record<string, Parser> = {
  "aws.autoscaling/EC2 Instance-terminate Lifecycle Action": (body) => ({
    kind: "terminate-hook",
    event: parse(TerminateLifecycleEvent, body),
  }),
  "aws.autoscaling/EC2 Instance-launch Lifecycle Action": (body) => ({
    kind: "launch-hook",
    event: parse(LaunchLifecycleEvent, body),
  }),
  [`${NODE_SOURCE}/${NODE_DETAIL_TYPES.announced}`]: (body) => ({
    kind: "node-announced",
    event: parse(NodeAnnouncedEvent, body),
  }),
  [`${NODE_SOURCE}/${NODE_DETAIL_TYPES.withdrawn}`]: (body) => ({
    kind: "node-withdrawn",
    event: parse(NodeWithdrawnEvent, body),
  }),
};

/**
 * Reads the body of a queue message: an EventBridge event, a tick, or Auto Scaling's test
 * notification.
 * @throws {UnparsableMessage} naming the first fields that are wrong.
 */
export function parseMessage(text: string): Message {
  const body = parseJson(text);
  if (typeof body === "object" && body !== null) {
    if ("tickId" in body) return { kind: "tick", tick: parse(Tick, body) };
    if ("Event" in body) {
      parse(TestNotification, body);
      return { kind: "test-notification" };
    }
  }
  const envelope = parse(EventEnvelope, body);
  const key = `${envelope.source}/${envelope["detail-type"]}`;
  const parser = eventParsers[key];
  if (!parser) {
    throw new UnparsableMessage(
      `source, detail-type: nothing here handles "${key}"; known: ${Object.keys(eventParsers).join(", ")}`,
    );
  }
  return parser(body);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnparsableMessage(`body: is not JSON (${(cause as Error).message})`, { cause });
  }
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new UnparsableMessage(describeIssues(result.error), { cause: result.error });
}

/** The issues of a zod error as `field: what is wrong`, separated by semicolons. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.join(".") || "(whole)"}: ${issue.message}`)
    .join("; ");
}
