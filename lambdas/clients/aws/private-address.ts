import { DescribeInstancesCommand, type EC2Client } from "@aws-sdk/client-ec2";
import DataLoader from "dataloader";
import { InstanceId, type NodeId } from "../../contracts/ids.ts";
import { sdkCall } from "./sdk-error.ts";
import { soon } from "./soon.ts";

/** A filter takes up to 200 values. */
const INSTANCES_A_CALL = 200;

/** Where an instance is reached inside its VPC; undefined when it is none, or has none. */
export type PrivateAddressOf = (id: NodeId) => Promise<string | undefined>;

/** Instances asked for at the same time travel in one call. @throws {PortError} of system `ec2` */
export function createPrivateAddresses(client: EC2Client): PrivateAddressOf {
  const addresses = new DataLoader((ids: readonly InstanceId[]) => describe(client, ids), {
    cache: false,
    maxBatchSize: INSTANCES_A_CALL,
    batchScheduleFn: soon,
  });
  return async (id) => {
    const instanceId = InstanceId.safeParse(id);
    return instanceId.success ? addresses.load(instanceId.data) : undefined;
  };
}

/** As a filter: asked for by id, one that is unknown would fail them all. */
async function describe(client: EC2Client, ids: readonly InstanceId[]) {
  const Filters = [{ Name: "instance-id", Values: [...new Set(ids)] }];
  return sdkCall("ec2", "ec2:DescribeInstances", async () => {
    const answer = await client.send(new DescribeInstancesCommand({ Filters }));
    const all = answer.Reservations?.flatMap((reservation) => reservation.Instances ?? []);
    const found = new Map(all?.map((each) => [each.InstanceId, each.PrivateIpAddress]));
    return ids.map((id) => found.get(id) || undefined);
  });
}
