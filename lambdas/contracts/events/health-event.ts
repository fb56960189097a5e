import * as z from "zod";
import { InstanceId } from "../ids.ts";
import { EventEnvelope } from "./envelope.ts";

/** AWS Health writes times as HTTP does: `Fri, 27 Jan 2023 06:02:51 GMT`. */
const HttpDate = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), {
    error: "must be a date such as Fri, 27 Jan 2023 06:02:51 GMT",
  })
  .transform((text) => new Date(text));

const Entity = z.object({
  /** For events about instances an id, or the ARN of one; a volume, a host, `UNKNOWN` and the like otherwise. */
  entityValue: z.string(),
  status: z.string().optional(),
});

/**
 * `AWS Health Event` of EC2 that schedules a change. It can have several pages, each an event of its own
 * with other entities, and none at all.
 */
export const HealthEvent = EventEnvelope.extend({
  source: z.literal("aws.health"),
  "detail-type": z.literal("AWS Health Event"),
  detail: z.object({
    eventArn: z.string().min(1),
    service: z.literal("EC2"),
    eventTypeCode: z.string().min(1),
    eventTypeCategory: z.literal("scheduledChange"),
    /** `upcoming`, `open`, or `closed`: done, or called off. */
    statusCode: z.string().optional(),
    startTime: HttpDate,
    endTime: HttpDate.optional(),
    affectedEntities: z.array(Entity).default([]),
    affectedAccount: z.string().optional(),
    page: z.string().optional(),
    totalPages: z.string().optional(),
  }),
});
export type HealthEvent = z.infer<typeof HealthEvent>;

const INSTANCE_ARN = /^arn:[^:]+:ec2:[^:]*:[^:]*:instance\//;

/** The instances a Health event names, each once. */
export function affectedInstances({ detail }: HealthEvent): InstanceId[] {
  const ids = detail.affectedEntities.flatMap(({ entityValue }) => {
    const id = InstanceId.safeParse(entityValue.replace(INSTANCE_ARN, ""));
    return id.success ? [id.data] : [];
  });
  return [...new Set(ids)];
}

/** What stands for entities that Health does not know (yet). */
const UNKNOWN = "UNKNOWN";

/**
 * Whether a change is about instances, as far as its code and what it names tell; dedicated hosts, volumes
 * and the account have changes of their own.
 */
export function isAboutInstances(event: HealthEvent): boolean {
  const { affectedEntities, eventTypeCode } = event.detail;
  if (affectedInstances(event).length > 0) return true;
  const isUnnamed = affectedEntities.every(({ entityValue }) => entityValue === UNKNOWN);
  return isUnnamed && /_(INSTANCE|SYSTEM)_/.test(eventTypeCode);
}
