import {
  type EC2Client,
  type Filter,
  type InstanceStatus,
  paginateDescribeInstanceStatus,
} from "@aws-sdk/client-ec2";
import { InstanceId } from "../../contracts/ids.ts";
import type { TroubledInstance } from "../../domain/sweep/ports.ts";
import { readScheduled } from "./instance-status.ts";
import { sdkCall } from "./sdk-error.ts";

/** DescribeInstanceStatus gives no more at once. */
const STATUSES_A_PAGE = 1_000;

/** What is no good news. Filters of one call all have to fit, so that each has a call of its own. */
const TROUBLES: readonly Filter[] = [
  { Name: "system-status.status", Values: ["impaired"] },
  { Name: "instance-status.status", Values: ["impaired"] },
  { Name: "attached-ebs-status.status", Values: ["impaired"] },
  {
    Name: "event.code",
    Values: [
      "instance-reboot",
      "system-reboot",
      "system-maintenance",
      "instance-retirement",
      "instance-stop",
    ],
  },
];

/** Reads the instances that are not well, or for which something is scheduled, and no others. */
export function createStatusSurvey(client: EC2Client): () => Promise<TroubledInstance[]> {
  return async () => {
    const found = await Promise.all(TROUBLES.map((filter) => describe(client, filter)));
    const all = new Map(found.flat().map((each) => [each.id, each]));
    return [...all.values()];
  };
}

function describe(client: EC2Client, filter: Filter): Promise<TroubledInstance[]> {
  return sdkCall("ec2", "ec2:DescribeInstanceStatus", async () => {
    const found: TroubledInstance[] = [];
    const pages = paginateDescribeInstanceStatus(
      { client, pageSize: STATUSES_A_PAGE },
      { Filters: [filter] },
    );
    for await (const { InstanceStatuses = [] } of pages) {
      found.push(...InstanceStatuses.map(troubleOf));
    }
    return found;
  });
}

function troubleOf(status: InstanceStatus): TroubledInstance {
  const checks = {
    system: status.SystemStatus,
    instance: status.InstanceStatus,
    "attached EBS": status.AttachedEbsStatus,
  };
  return {
    id: InstanceId.parse(status.InstanceId),
    impaired: Object.entries(checks).flatMap(([name, check]) =>
      check?.Status === "impaired" ? [name] : [],
    ),
    scheduled: readScheduled(status),
  };
}
