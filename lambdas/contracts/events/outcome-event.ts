import * as z from "zod";
import { GroupName, NodeId } from "../ids.ts";
import { Instant } from "../instant.ts";
import {
  FINDING_DETAIL_TYPE,
  FLOW_NAMES,
  OUTCOME_DETAIL_TYPE,
  OUTCOME_SOURCE,
  ROTATION_NEWS_DETAIL_TYPE,
} from "../names.ts";
import { NodeItem } from "../node-item.ts";
import { ROTATION_OUTCOMES } from "../rotation-item.ts";
import { EventEnvelope } from "./envelope.ts";

/** What an outcome event says. */
export const OutcomeDetail = z.object({
  nodeId: NodeId,
  group: GroupName.optional(),
  /** Which flow did the work. */
  flow: z.enum(FLOW_NAMES),
  outcome: NodeItem.shape.finished.unwrap().shape.outcome,
  why: z.string(),
  /** What helps to find the cause: the end of the console's output, the state of the SSM agent. */
  seen: z.array(z.string()),
  at: Instant,
});
export type OutcomeDetail = z.output<typeof OutcomeDetail>;

/** `Outcome`: the work on a node has ended. It can come twice. */
export const OutcomeEvent = EventEnvelope.extend({
  source: z.literal(OUTCOME_SOURCE),
  "detail-type": z.literal(OUTCOME_DETAIL_TYPE),
  detail: OutcomeDetail,
});
export type OutcomeEvent = z.output<typeof OutcomeEvent>;

/** What there is to find that is not about one node. */
export const FINDINGS = [
  /** A server counts in Nomad's raft, and no running instance has its address. */
  "raft-voter-without-instance",
  /** An instance refresh failed, was called off or rolled back. */
  "instance-refresh",
  /** A Health event of EC2 named no instance. */
  "health-event-without-instances",
] as const;

/** What a finding event says. */
export const FindingDetail = z.object({
  finding: z.enum(FINDINGS),
  group: GroupName.optional(),
  why: z.string(),
  at: Instant,
});
export type FindingDetail = z.output<typeof FindingDetail>;

/** `Finding`: something is wrong that is not about one node. It can come several times. */
export const FindingEvent = EventEnvelope.extend({
  source: z.literal(OUTCOME_SOURCE),
  "detail-type": z.literal(FINDING_DETAIL_TYPE),
  detail: FindingDetail,
});

/** What a rotation event says. */
export const RotationDetail = z.object({
  /** Of the rotation; of what no rotation renews, the field of the configuration that names it. */
  name: z.string().min(1),
  outcome: z.enum([
    ...ROTATION_OUTCOMES,
    /** Little of its life is left, or none, and no rotation is under way, or there is none of it. */
    "expiring",
    /** The one before is used still, and therefore not revoked. */
    "still-used",
  ]),
  why: z.string(),
  at: Instant,
});

/** `Rotation`: a rotation has ended, or needs somebody to look at it. It can come several times. */
export const RotationEvent = EventEnvelope.extend({
  source: z.literal(OUTCOME_SOURCE),
  "detail-type": z.literal(ROTATION_NEWS_DETAIL_TYPE),
  detail: RotationDetail,
});
