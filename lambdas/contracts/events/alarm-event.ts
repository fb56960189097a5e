import * as z from "zod";
import { InstanceId } from "../ids.ts";
import { EventEnvelope } from "./envelope.ts";

/** CloudWatch's metrics of EC2's status checks, which no event tells of. */
export const STATUS_CHECK_METRICS = [
  "StatusCheckFailed",
  "StatusCheckFailed_System",
  "StatusCheckFailed_Instance",
  "StatusCheckFailed_AttachedEBS",
] as const;

const MetricOfInstance = z.object({
  metricStat: z.object({
    metric: z.object({
      namespace: z.literal("AWS/EC2"),
      name: z.enum(STATUS_CHECK_METRICS),
      dimensions: z.object({ InstanceId }),
    }),
  }),
});

/** `CloudWatch Alarm State Change` of an alarm on the status checks of one instance. */
export const StatusAlarmEvent = EventEnvelope.extend({
  source: z.literal("aws.cloudwatch"),
  "detail-type": z.literal("CloudWatch Alarm State Change"),
  detail: z.object({
    alarmName: z.string().min(1),
    state: z.object({ value: z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]) }),
    configuration: z.object({ metrics: z.tuple([MetricOfInstance], z.unknown()) }),
  }),
});
export type StatusAlarmEvent = z.infer<typeof StatusAlarmEvent>;
