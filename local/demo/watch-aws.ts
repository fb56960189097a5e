import * as z from "zod";
import type { ModelCluster } from "../model-cluster.ts";
import { allocationName } from "../nomad/allocation.ts";
import type { Speaker, Tell } from "./happening.ts";
import type { Moment, Moments } from "./moments.ts";

const SPEAKERS: Readonly<Record<string, Speaker>> = {
  "aws.autoscaling": "Auto Scaling",
  "aws.ec2": "EC2",
  "aws.health": "AWS Health",
};

/** What an event means, where its name does not say it. */
const EVENTS: Readonly<Record<string, readonly [Moment, means: string]>> = {
  "EC2 Instance-launch Lifecycle Action": ["launchEvent", "it waits at hook drover-launch"],
  "EC2 Instance Launch Successful": ["inService", "it is in service"],
  "EC2 Instance-terminate Lifecycle Action": ["terminateEvent", "it waits at drover-terminate"],
  "EC2 Spot Instance Interruption Warning": ["warned", "EC2 takes it back in two minutes"],
};

/** EC2 says each change of state twice: the change itself is told. */
const STATE_CHANGE = "EC2 Instance State-change Notification";

const Of = (instanceId: string) =>
  z.union([
    z.object({ EC2InstanceId: z.literal(instanceId) }),
    z.object({ "instance-id": z.literal(instanceId) }),
    z.object({
      affectedEntities: z
        .array(z.object({ entityValue: z.string() }))
        .refine((all) => all.some(({ entityValue }) => entityValue === instanceId)),
    }),
  ]);

const Announcement = z.object({
  eventTypeCode: z.string(),
  startTime: z.string(),
  statusCode: z.string().optional(),
});

/** Tells what Auto Scaling, EC2 and AWS Health say of an instance. */
export function watchAws(
  cluster: ModelCluster,
  instanceId: string,
  moments: Moments,
  tell: Tell,
): void {
  const { aws } = cluster;
  aws.eventBridge.onEvent(({ source, detail, "detail-type": type }) => {
    const who = SPEAKERS[source];
    if (!who || type === STATE_CHANGE || !Of(instanceId).safeParse(detail).success) return;
    const at = aws.clock.now();
    const announced = Announcement.safeParse(detail).data;
    const isOver = announced?.statusCode === "closed";
    if (announced) moments.note(isOver ? "calledOff" : "announced", at);
    const [moment, known] = EVENTS[type] ?? [];
    if (moment) moments.note(moment, at);
    const means = announced
      ? `${announced.eventTypeCode}, ${isOver ? "called off" : `at ${announced.startTime}`}`
      : known;
    tell({ at, who, text: `event: ${type}${means ? `: ${means}` : ""}` });
  });
  aws.ec2.onStateChange(({ id, state }) => {
    if (id !== instanceId) return;
    const at = aws.clock.now();
    if (state === "shutting-down") {
      moments.note("letGo", at);
      const killed = cluster.killed.findLast((each) => each.instanceId === instanceId);
      moments.killed = (killed?.allocations ?? []).map(allocationName);
    }
    if (state === "terminated") moments.note("terminated", at);
    tell({ at, who: "EC2", text: `${id} is ${state}` });
  });
}
