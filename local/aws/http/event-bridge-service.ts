import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import { arn } from "../context.ts";
import { DEFAULT_BUS } from "../event-bridge/event-bridge-model.ts";
import { checkPattern, matches } from "../event-bridge/pattern.ts";
import { type JsonService, jsonAction } from "./json-service.ts";

const Entry = z.object({
  Source: z.string(),
  DetailType: z.string(),
  Detail: z.string(),
  EventBusName: z.string().optional(),
  /** Seconds since 1970, as the JSON protocol writes times. */
  Time: z.number().optional(),
  Resources: z.array(z.string()).optional(),
});

/** EventBridge, as far as Drover and its operators use it. */
export function eventBridgeService(model: AwsModel): JsonService {
  const { eventBridge } = model;
  return {
    prefix: "events",
    target: "AWSEvents",
    contentType: "application/x-amz-json-1.1",
    actions: {
      PutEvents: jsonAction(z.object({ Entries: z.array(Entry) }), ({ Entries }) => {
        const results = eventBridge.putEvents(
          Entries.map((entry) => ({
            source: entry.Source,
            detailType: entry.DetailType,
            detail: entry.Detail,
            bus: entry.EventBusName,
            time: entry.Time === undefined ? undefined : new Date(entry.Time * 1_000),
            resources: entry.Resources,
          })),
        );
        return {
          FailedEntryCount: results.filter((result) => "code" in result).length,
          Entries: results.map((result) =>
            "code" in result
              ? { ErrorCode: result.code, ErrorMessage: result.message }
              : { EventId: result.eventId },
          ),
        };
      }),
      TestEventPattern: jsonAction(
        z.object({ EventPattern: z.string(), Event: z.string() }),
        ({ EventPattern, Event }) => {
          const pattern = parse(EventPattern, "InvalidEventPatternException");
          checkPattern(pattern);
          return { Result: matches(pattern, parse(Event, "ValidationException")) };
        },
      ),
      ListEventBuses: () => ({
        EventBuses: eventBridge
          .buses()
          .map((Name) => ({ Name, Arn: eventArn(model, `event-bus/${Name}`) })),
      }),
      ListRules: jsonAction(
        z.object({ EventBusName: z.string().default(DEFAULT_BUS) }),
        ({ EventBusName }) => ({
          Rules: eventBridge.rules(EventBusName).map(({ name, pattern }) => ({
            Name: name,
            Arn: eventArn(model, `rule/${name}`),
            EventBusName,
            EventPattern: JSON.stringify(pattern),
            State: "ENABLED",
          })),
        }),
      ),
    },
  };
}

function eventArn(model: AwsModel, resource: string): string {
  return arn(model, "events", resource);
}

function parse(text: string, code: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AwsError(code, `not JSON: ${(error as Error).message}`);
  }
}
