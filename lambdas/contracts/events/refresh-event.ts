import * as z from "zod";
import { GroupName } from "../ids.ts";
import { EventEnvelope } from "./envelope.ts";

/** What the detail-types of an instance refresh begin with. */
export const REFRESH_PREFIX = "EC2 Auto Scaling Instance Refresh ";

/** What a refresh can have come to. */
export const REFRESH_STAGES = [
  "Started",
  "Checkpoint Reached",
  "Started Baking",
  "Succeeded",
  "Failed",
  "Cancelled",
  "Rollback Started",
  "Rollback Succeeded",
  "Rollback Failed",
] as const;
export type RefreshStage = (typeof REFRESH_STAGES)[number];

/** `EC2 Auto Scaling Instance Refresh …`: the renewal of a group has come further, or to an end. */
export const RefreshEvent = EventEnvelope.extend({
  source: z.literal("aws.autoscaling"),
  "detail-type": z.enum(REFRESH_STAGES.map((stage) => `${REFRESH_PREFIX}${stage}` as const)),
  detail: z.object({ InstanceRefreshId: z.string().min(1), AutoScalingGroupName: GroupName }),
});
export type RefreshEvent = z.infer<typeof RefreshEvent>;

/** How far the refresh has come, by its event. */
export function stageOf(event: RefreshEvent): RefreshStage {
  return event["detail-type"].slice(REFRESH_PREFIX.length) as RefreshStage;
}
