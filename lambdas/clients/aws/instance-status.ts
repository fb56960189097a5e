import {
  DescribeInstanceStatusCommand,
  type EC2Client,
  type InstanceStatusEvent,
  type InstanceStatus as SdkStatus,
} from "@aws-sdk/client-ec2";
import DataLoader from "dataloader";
import * as z from "zod";
import type { InstanceId } from "../../contracts/ids.ts";
import type { Compute, InstanceStatus, ScheduledEvent } from "../../domain/ports/compute.ts";
import { toPortError } from "./sdk-error.ts";
import { soon } from "./soon.ts";

/** DescribeInstanceStatus takes no more. */
const INSTANCES_A_CALL = 100;

/** What nobody knows is no bad news. */
const Check = z
  .enum(["ok", "impaired", "initializing", "insufficient-data", "not-applicable"])
  .catch("insufficient-data");

/** For up to a week EC2 goes on describing what is over. */
const IS_OVER = /^\[(Completed|Canceled)\]/;

/** Reads instances' status checks; those asked for at the same time travel in one call. */
export function createInstanceStatus(client: EC2Client): Compute["status"] {
  const statuses = new DataLoader((ids: readonly InstanceId[]) => describe(client, ids), {
    cache: false,
    maxBatchSize: INSTANCES_A_CALL,
    batchScheduleFn: soon,
  });
  return (id) => statuses.load(id);
}

// One that is unknown fails the call for all: then each half is asked for by itself.
async function describe(
  client: EC2Client,
  ids: readonly InstanceId[],
): Promise<(InstanceStatus | undefined)[]> {
  try {
    const InstanceIds = [...new Set(ids)];
    const answer = await client.send(new DescribeInstanceStatusCommand({ InstanceIds }));
    const found = new Map(answer.InstanceStatuses?.map((each) => [each.InstanceId, each]));
    return ids.map((id) => {
      const status = found.get(id);
      return status && read(id, status);
    });
  } catch (cause) {
    const isUnknown = cause instanceof Error && cause.name === "InvalidInstanceID.NotFound";
    if (!isUnknown) throw toPortError("ec2", "ec2:DescribeInstanceStatus", cause);
    if (ids.length === 1) return [undefined];
    const middle = Math.ceil(ids.length / 2);
    const halves = [ids.slice(0, middle), ids.slice(middle)];
    return (await Promise.all(halves.map((half) => describe(client, half)))).flat();
  }
}

function read(id: InstanceId, status: SdkStatus): InstanceStatus {
  const { SystemStatus, InstanceStatus, AttachedEbsStatus } = status;
  return {
    id,
    system: Check.parse(SystemStatus?.Status),
    instance: Check.parse(InstanceStatus?.Status),
    attachedEbs: AttachedEbsStatus ? Check.parse(AttachedEbsStatus.Status) : "not-applicable",
    scheduled: readScheduled(status),
  };
}

/** What is still to come of what EC2 has scheduled, the earliest first. */
export function readScheduled({ Events = [] }: SdkStatus): ScheduledEvent[] {
  return Events.flatMap(readEvent).sort((a, b) => a.notBefore.getTime() - b.notBefore.getTime());
}

// Without a time there is nothing yet to be in time for.
function readEvent(event: InstanceStatusEvent): ScheduledEvent[] {
  const { InstanceEventId: id, Code: code, Description: description = "", NotBefore } = event;
  if (!id || !code || !NotBefore || IS_OVER.test(description)) return [];
  return [{ id, code, description, notBefore: NotBefore }];
}
