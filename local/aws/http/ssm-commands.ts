import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import type { Invocation } from "../ssm/command.ts";
import { type JsonService, jsonAction } from "./json-service.ts";
import { pageOf } from "./paging.ts";

const MachineId = z.string().regex(/^m?i-\w{8,17}$/);
const CommandId = z.string().length(36);

/** How much of an output the calls give: its beginning. */
const WHOLE_CHARACTERS = 24_000;
const LISTED_CHARACTERS = 2_500;

/** The filters of ListCommandInvocations the model knows. */
const FILTERS = {
  InvokedAfter: ({ requestedAt }: Invocation, value: string) => requestedAt >= new Date(value),
  InvokedBefore: ({ requestedAt }: Invocation, value: string) => requestedAt < new Date(value),
  Status: ({ status }: Invocation, value: string) => status === value,
  DocumentName: ({ documentName }: Invocation, value: string) => documentName === value,
} as const;

/** The calls of Run Command. */
export function commandCalls({ runCommand, clock }: AwsModel): JsonService["actions"] {
  return {
    SendCommand: jsonAction(
      z.object({
        DocumentName: z.string(),
        InstanceIds: z.array(MachineId).min(1).max(50),
        Parameters: z.record(z.string(), z.array(z.string())).default({}),
        TimeoutSeconds: z.int().min(30).max(2_592_000).default(3_600),
        Comment: z.string().max(100).default(""),
      }),
      (input) => {
        const CommandId = runCommand.send({
          documentName: input.DocumentName,
          instanceIds: input.InstanceIds,
          parameters: input.Parameters,
          timeoutSeconds: input.TimeoutSeconds,
          comment: input.Comment,
        });
        return {
          Command: {
            ...input,
            CommandId,
            RequestedDateTime: clock.now().getTime() / 1_000,
            Status: "Pending",
            StatusDetails: "Pending",
            TargetCount: input.InstanceIds.length,
          },
        };
      },
    ),
    GetCommandInvocation: jsonAction(
      z.object({ CommandId, InstanceId: MachineId }),
      ({ CommandId, InstanceId }) => {
        const found = runCommand
          .list()
          .find((each) => each.commandId === CommandId && each.instanceId === InstanceId);
        if (found) return invocationJson(found);
        throw new AwsError("InvocationDoesNotExist", "");
      },
    ),
    ListCommandInvocations: jsonAction(
      z.object({
        CommandId: CommandId.optional(),
        InstanceId: MachineId.optional(),
        Filters: z
          .array(z.object({ key: z.string(), value: z.string() }))
          .max(5)
          .default([]),
        Details: z.boolean().default(false),
        MaxResults: z.int().min(1).max(50).default(50),
        NextToken: z.string().optional(),
      }),
      (input) => {
        const named = runCommand
          .list()
          .filter((each) => !input.CommandId || each.commandId === input.CommandId)
          .filter((each) => !input.InstanceId || each.instanceId === input.InstanceId);
        const found = input.Filters.reduce(filter, named);
        const { page, ...next } = pageOf(found, input.MaxResults, input.NextToken);
        return {
          CommandInvocations: page.map((each) => listedJson(each, input.Details)),
          ...next,
        };
      },
    ),
  };
}

function filter(found: Invocation[], { key, value }: { key: string; value: string }) {
  const test = key in FILTERS && FILTERS[key as keyof typeof FILTERS];
  if (!test) throw new AwsError("InvalidFilterKey", "The specified key isn't valid.");
  return found.filter((each) => test(each, value));
}

function common(invocation: Invocation) {
  return {
    CommandId: invocation.commandId,
    InstanceId: invocation.instanceId,
    Comment: invocation.comment,
    DocumentName: invocation.documentName,
    DocumentVersion: "$DEFAULT",
    Status: invocation.status,
    StatusDetails: invocation.statusDetails,
  };
}

function invocationJson(invocation: Invocation) {
  const { startedAt, endedAt, exitStatus = -1, output } = invocation;
  return {
    ...common(invocation),
    PluginName: "restartAgents",
    ResponseCode: exitStatus,
    ExecutionStartDateTime: startedAt?.toISOString() ?? "",
    ExecutionEndDateTime: endedAt?.toISOString() ?? "",
    StandardOutputContent: output.slice(0, WHOLE_CHARACTERS),
    StandardErrorContent: "",
  };
}

function listedJson(invocation: Invocation, withPlugins: boolean) {
  const { status, statusDetails, exitStatus = -1, output, requestedAt } = invocation;
  const plugin = {
    Name: "restartAgents",
    Status: status,
    StatusDetails: statusDetails,
    ResponseCode: exitStatus,
    Output: output.slice(0, LISTED_CHARACTERS),
  };
  return {
    ...common(invocation),
    RequestedDateTime: requestedAt.getTime() / 1_000,
    CommandPlugins: withPlugins ? [plugin] : [],
  };
}
