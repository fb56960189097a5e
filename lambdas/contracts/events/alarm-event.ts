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

const Metric = z.object({
  namespace: z.string(),
  name: z.string(),
  /** Without an instance: over a group, an image, or all there are. */
  dimensions: z.object({ InstanceId: InstanceId.optional() }).default({}),
});

/** What an alarm goes by; an alarm on an expression has several, the expression among them. */
const AlarmMetric = z.object({ metricStat: z.object({ metric: Metric }).optional() });

const Configuration = z
  .object({ metrics: z.array(AlarmMetric) })
  .refine((configuration) => instancesOf(configuration).length > 0, {
    path: ["metrics"],
    error: `must hold ${STATUS_CHECK_METRICS[0]} or the like, of AWS/EC2 and one instance (InstanceId)`,
  });

/** `CloudWatch Alarm State Change` of an alarm on the status checks of one instance. */
export const StatusAlarmEvent = EventEnvelope.extend({
  source: z.literal("aws.cloudwatch"),
  "detail-type": z.literal("CloudWatch Alarm State Change"),
  detail: z.object({
    alarmName: z.string().min(1),
    state: z.object({ value: z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]) }),
    configuration: Configuration,
  }),
});
export type StatusAlarmEvent = z.infer<typeof StatusAlarmEvent>;

/** The instance whose status checks an alarm watches; undefined when it watches those of several. */
export function instanceOf({ detail }: StatusAlarmEvent): InstanceId | undefined {
  const [instance, ...others] = instancesOf(detail.configuration);
  return others.length === 0 ? instance : undefined;
}

function instancesOf({ metrics }: { readonly metrics: readonly z.infer<typeof AlarmMetric>[] }) {
  const names: readonly string[] = STATUS_CHECK_METRICS;
  const ids = metrics.flatMap(({ metricStat }) => {
    const { namespace, name, dimensions } = metricStat?.metric ?? {};
    const isStatusCheck = namespace === "AWS/EC2" && name !== undefined && names.includes(name);
    return isStatusCheck && dimensions?.InstanceId ? [dimensions.InstanceId] : [];
  });
  return [...new Set(ids)];
}
