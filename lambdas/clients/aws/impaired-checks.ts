import {
  type EC2Client,
  type Filter,
  type InstanceStatus,
  paginateDescribeInstanceStatus,
} from "@aws-sdk/client-ec2";
import { InstanceId } from "../../contracts/ids.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import type { Compute } from "../../domain/ports/compute.ts";
import { Remembered } from "../remembered.ts";
import { sdkCall } from "./sdk-error.ts";

/** DescribeInstanceStatus gives no more at once. */
const STATUSES_A_PAGE = 1_000;
const REMEMBERED_SECONDS = 15;

/** A status check that fails. Filters of one call all have to fit, so that each has a call of its own. */
export const IMPAIRED: readonly Filter[] = [
  { Name: "system-status.status", Values: ["impaired"] },
  { Name: "instance-status.status", Values: ["impaired"] },
  { Name: "attached-ebs-status.status", Values: ["impaired"] },
];

/** Reads which of all running instances fail a check, and no others; remembered for 15 s. */
export function createImpaired(client: EC2Client, clock: Clock): Compute["impaired"] {
  const remembered = new Remembered(clock, REMEMBERED_SECONDS, async () => {
    const found = await Promise.all(IMPAIRED.map((filter) => listStatuses(client, filter)));
    return new Set(found.flat().map(({ InstanceId: id }) => InstanceId.parse(id)));
  });
  return () => remembered.get("all");
}

/** The statuses of all running instances that a filter lets through. */
export function listStatuses(client: EC2Client, filter: Filter): Promise<InstanceStatus[]> {
  return sdkCall("ec2", "ec2:DescribeInstanceStatus", async () => {
    const found: InstanceStatus[] = [];
    const pages = paginateDescribeInstanceStatus(
      { client, pageSize: STATUSES_A_PAGE },
      { Filters: [filter] },
    );
    for await (const { InstanceStatuses = [] } of pages) found.push(...InstanceStatuses);
    return found;
  });
}
