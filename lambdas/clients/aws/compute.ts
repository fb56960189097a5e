import { DescribeInstancesCommand, type EC2Client, type Tag } from "@aws-sdk/client-ec2";
import DataLoader from "dataloader";
import * as z from "zod";
import { GroupName, type InstanceId } from "../../contracts/ids.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import type { Compute, Instance } from "../../domain/ports/compute.ts";
import { createConsoleOutput } from "./console-output.ts";
import { createImpaired } from "./impaired-checks.ts";
import { createInstanceStatus } from "./instance-status.ts";
import { sdkCall } from "./sdk-error.ts";
import { soon } from "./soon.ts";

const SYSTEM = "ec2";
/** A filter takes up to 200 values. */
const INSTANCES_A_CALL = 200;
/** Auto Scaling's own tag on what it launches. */
const GROUP_TAG = "aws:autoscaling:groupName";

/** A state that EC2 may have some day is read as one that is not gone. */
const State = z
  .enum(["pending", "running", "stopping", "stopped", "shutting-down", "terminated"])
  .catch("running");

/**
 * EC2 over the SDK. Instances asked for at the same time travel in one call, as a filter: asked
 * for by id, one that is unknown would fail them all.
 */
export function createCompute(client: EC2Client, clock: Clock): Compute {
  const instances = new DataLoader((ids: readonly InstanceId[]) => describe(client, ids), {
    cache: false,
    maxBatchSize: INSTANCES_A_CALL,
    batchScheduleFn: soon,
  });
  return {
    instance: (id) => instances.load(id),
    consoleOutput: createConsoleOutput(client),
    status: createInstanceStatus(client),
    impaired: createImpaired(client, clock),
  };
}

async function describe(client: EC2Client, ids: readonly InstanceId[]) {
  const Filters = [{ Name: "instance-id", Values: [...new Set(ids)] }];
  return sdkCall(SYSTEM, "ec2:DescribeInstances", async () => {
    const answer = await client.send(new DescribeInstancesCommand({ Filters }));
    const all = answer.Reservations?.flatMap((reservation) => reservation.Instances ?? []);
    const found = new Map(all?.map((each) => [each.InstanceId, each]));
    return ids.map((id): Instance | undefined => {
      const each = found.get(id);
      if (!each) return undefined;
      return {
        id,
        state: State.parse(each.State?.Name),
        privateDnsName: each.PrivateDnsName || null,
        privateIpAddress: each.PrivateIpAddress || null,
        zone: each.Placement?.AvailabilityZone ?? "unknown",
        lifeCycle: each.InstanceLifecycle === "spot" ? "spot" : "on-demand",
        group: groupOf(each.Tags),
      };
    });
  });
}

function groupOf(tags: readonly Tag[] = []): GroupName | null {
  const name = tags.find(({ Key }) => Key === GROUP_TAG)?.Value;
  return name ? GroupName.parse(name) : null;
}
