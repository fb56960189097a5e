import {
  type EC2Client,
  type Filter,
  type Instance,
  paginateDescribeInstances,
} from "@aws-sdk/client-ec2";
import * as z from "zod";
import { GroupName, InstanceId } from "../../contracts/ids.ts";
import type { InstanceSurvey, SurveyedInstance } from "../../domain/sweep/ports.ts";
import { chunksOf } from "./chunks.ts";
import { sdkCall } from "./sdk-error.ts";
import { createSpotSurvey } from "./survey-spot.ts";
import { createStatusSurvey } from "./survey-status.ts";

/** All filters of a call together take no more than 200 values, and the states are some of them. */
const VALUES_A_CALL = 190;
/** DescribeInstances gives no more at once. */
const INSTANCES_A_PAGE = 1_000;
/** Auto Scaling's own tag on what it launches. */
const GROUP_TAG = "aws:autoscaling:groupName";
const NOT_RUNNING = ["shutting-down", "terminated", "stopping", "stopped"];
const UP = ["pending", "running"];

/** A state that EC2 may have some day is read as one that is not gone. */
const State = z
  .enum(["pending", "running", "stopping", "stopped", "shutting-down", "terminated"])
  .catch("running");

/** EC2's instances, page by page, over the SDK; of each only what the sweep needs is kept. */
export function createInstanceSurvey(client: EC2Client): InstanceSurvey {
  return {
    notRunning(groups) {
      const states = [{ Name: "instance-state-name", Values: NOT_RUNNING }];
      return describe(client, `tag:${GROUP_TAG}`, groups, states, surveyed);
    },
    byId: (ids) => describe(client, "instance-id", ids, [], surveyed),
    async addressesInUse(addresses) {
      const states = [{ Name: "instance-state-name", Values: UP }];
      const found = await describe(client, "private-ip-address", addresses, states, addressesOf);
      const asked = new Set(addresses);
      return new Set(found.flat().filter((address) => asked.has(address)));
    },
    troubled: createStatusSurvey(client),
    marked: createSpotSurvey(client),
  };
}

async function describe<Seen>(
  client: EC2Client,
  name: string,
  values: readonly string[],
  more: readonly Filter[],
  read: (instance: Instance) => Seen,
): Promise<Seen[]> {
  const found: Seen[] = [];
  for (const Values of chunksOf(values, VALUES_A_CALL)) {
    const Filters = [{ Name: name, Values }, ...more];
    await sdkCall("ec2", "ec2:DescribeInstances", async () => {
      const pages = paginateDescribeInstances({ client, pageSize: INSTANCES_A_PAGE }, { Filters });
      for await (const { Reservations = [] } of pages) {
        for (const { Instances = [] } of Reservations) found.push(...Instances.map(read));
      }
    });
  }
  return found;
}

function surveyed(instance: Instance): SurveyedInstance {
  const group = instance.Tags?.find(({ Key }) => Key === GROUP_TAG)?.Value;
  return {
    id: InstanceId.parse(instance.InstanceId),
    state: State.parse(instance.State?.Name),
    group: group ? GroupName.parse(group) : null,
    hostName: instance.PrivateDnsName || null,
    address: instance.PrivateIpAddress || null,
  };
}

// A server can be reached at any address of any of its interfaces.
function addressesOf({ PrivateIpAddress, NetworkInterfaces = [] }: Instance): string[] {
  const more = NetworkInterfaces.flatMap(({ PrivateIpAddresses = [] }) =>
    PrivateIpAddresses.map((each) => each.PrivateIpAddress),
  );
  return [PrivateIpAddress, ...more].filter((address) => address !== undefined);
}
