import { paginateDescribeInstanceInformation, type SSMClient } from "@aws-sdk/client-ssm";
import DataLoader from "dataloader";
import * as z from "zod";
import { InstanceId, type NodeId } from "../../contracts/ids.ts";
import type { Commands, SsmAgent } from "../../domain/ports/commands.ts";
import { createRestarts } from "./restarts.ts";
import { sdkCall } from "./sdk-error.ts";
import { soon, type WhenToSend } from "./soon.ts";

/** A page of DescribeInstanceInformation holds no more. */
const MACHINES_A_CALL = 50;

/** A state nobody knows is not taken for a living agent. */
const PingStatus = z.enum(["Online", "ConnectionLost", "Inactive"]).catch("ConnectionLost");

/**
 * Systems Manager over the SDK. Machines asked for at the same time travel in one call.
 * @param deployment whose document restarts the agents.
 * @param whenToSend when that call goes out.
 */
export function createCommands(
  client: SSMClient,
  deployment: string,
  whenToSend: WhenToSend = soon,
): Commands {
  const agents = new DataLoader((ids: readonly InstanceId[]) => describe(client, ids), {
    cache: false,
    maxBatchSize: MACHINES_A_CALL,
    batchScheduleFn: whenToSend,
  });
  return {
    async agent(id: NodeId) {
      // A name that is no id of AWS's would fail the call for all the others in it.
      const machine = InstanceId.safeParse(id);
      return machine.success ? agents.load(machine.data) : undefined;
    },
    ...createRestarts(client, deployment),
  };
}

async function describe(client: SSMClient, ids: readonly InstanceId[]) {
  const Filters = [{ Key: "InstanceIds", Values: [...new Set(ids)] }];
  return sdkCall("ssm", "ssm:DescribeInstanceInformation", async () => {
    const found = new Map<string | undefined, SsmAgent>();
    const pages = paginateDescribeInstanceInformation(
      { client, pageSize: MACHINES_A_CALL },
      { Filters },
    );
    for await (const { InstanceInformationList } of pages) {
      for (const each of InstanceInformationList ?? []) {
        found.set(each.InstanceId, {
          pingStatus: PingStatus.parse(each.PingStatus),
          lastPingAt: each.LastPingDateTime ?? null,
          version: each.AgentVersion ?? null,
        });
      }
    }
    return ids.map((id) => found.get(id));
  });
}
