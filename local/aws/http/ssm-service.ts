import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import type { ManagedNode } from "../ssm/managed-nodes.ts";
import { type JsonService, jsonAction } from "./json-service.ts";
import { pageOf } from "./paging.ts";
import { commandCalls } from "./ssm-commands.ts";
import { parameterCalls } from "./ssm-parameters.ts";

const MachineId = z.string().regex(/^(i-(\w{8}|\w{17})|mi-\w{17})$/);

/** The filters of DescribeInstanceInformation the model knows. */
const FILTERS: Record<string, (node: ManagedNode) => string> = {
  InstanceIds: ({ id }) => id,
  PingStatus: ({ pingStatus }) => pingStatus,
  ResourceType: resourceType,
};

/** Systems Manager, as far as Drover and its operators use it. */
export function ssmService(model: AwsModel): JsonService {
  return {
    prefix: "ssm",
    target: "AmazonSSM",
    contentType: "application/x-amz-json-1.1",
    actions: {
      ...parameterCalls(model),
      ...commandCalls(model),
      DescribeInstanceInformation: jsonAction(
        z.object({
          Filters: z
            .array(z.object({ Key: z.string(), Values: z.array(z.string()).min(1).max(100) }))
            .default([]),
          MaxResults: z.int().min(5).max(50).default(50),
          NextToken: z.string().optional(),
        }),
        ({ Filters, MaxResults, NextToken }) => {
          const found = Filters.reduce(filter, model.managedNodes.list());
          const { page, ...next } = pageOf(found, MaxResults, NextToken);
          return { InstanceInformationList: page.map(nodeJson), ...next };
        },
      ),
    },
  };
}

function filter(nodes: ManagedNode[], { Key, Values }: { Key: string; Values: string[] }) {
  const value = FILTERS[Key];
  if (!value) throw new AwsError("InvalidFilterKey", "The specified key isn't valid.");
  if (Key === "InstanceIds" && Values.some((id) => !MachineId.safeParse(id).success)) {
    const text = "The specified filter value isn't valid.";
    throw new AwsError("InvalidInstanceInformationFilterValue", text);
  }
  return nodes.filter((node) => Values.includes(value(node)));
}

function nodeJson(node: ManagedNode) {
  return {
    InstanceId: node.id,
    PingStatus: node.pingStatus,
    LastPingDateTime: node.lastPingAt.getTime() / 1_000,
    RegistrationDate: node.registeredAt.getTime() / 1_000,
    AgentVersion: node.agentVersion,
    PlatformType: "Linux",
    ResourceType: resourceType(node),
    ...(node.name && { Name: node.name }),
    ...(node.ipAddress && { IPAddress: node.ipAddress }),
  };
}

function resourceType({ id }: ManagedNode): string {
  return id.startsWith("mi-") ? "ManagedInstance" : "EC2Instance";
}
