import * as z from "zod";
import { InstanceId } from "../ids.ts";
import { EventEnvelope } from "./envelope.ts";

const Ec2Envelope = EventEnvelope.extend({ source: z.literal("aws.ec2") });

/** What EC2 does to an instance that it takes back. */
const InstanceAction = z.enum(["terminate", "stop", "hibernate"]);

/**
 * `EC2 Spot Instance Interruption Warning`: two minutes before a Spot instance is stopped or terminated.
 * A hibernation begins at once.
 */
export const SpotInterruptionEvent = Ec2Envelope.extend({
  "detail-type": z.literal("EC2 Spot Instance Interruption Warning"),
  detail: z.object({ "instance-id": InstanceId, "instance-action": InstanceAction }),
});
export type SpotInterruptionEvent = z.infer<typeof SpotInterruptionEvent>;

/** `EC2 Instance Rebalance Recommendation`: a Spot instance is likelier than others to be taken back. */
export const RebalanceEvent = Ec2Envelope.extend({
  "detail-type": z.literal("EC2 Instance Rebalance Recommendation"),
  detail: z.object({ "instance-id": InstanceId }),
});
export type RebalanceEvent = z.infer<typeof RebalanceEvent>;

/**
 * `EC2 Capacity Reservation Instance Interruption Warning`: the reservation an instance runs in ends,
 * and the instance with it.
 */
export const CapacityInterruptionEvent = Ec2Envelope.extend({
  "detail-type": z.literal("EC2 Capacity Reservation Instance Interruption Warning"),
  detail: z.object({
    "instance-id": InstanceId,
    "instance-action": InstanceAction,
    "instance-termination-time": z.iso.datetime({ offset: true }),
  }),
});
export type CapacityInterruptionEvent = z.infer<typeof CapacityInterruptionEvent>;

/** The states in which an instance is on its way out, whoever has sent it there. */
export const ENDING_STATES = ["stopping", "shutting-down", "terminated"] as const;

/** `EC2 Instance State-change Notification`, of an instance that ends. */
export const StateChangeEvent = Ec2Envelope.extend({
  "detail-type": z.literal("EC2 Instance State-change Notification"),
  detail: z.object({ "instance-id": InstanceId, state: z.enum(ENDING_STATES) }),
});
export type StateChangeEvent = z.infer<typeof StateChangeEvent>;
