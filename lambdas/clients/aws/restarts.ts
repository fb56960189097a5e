import {
  GetCommandInvocationCommand,
  paginateListCommandInvocations,
  SendCommandCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { restartDocument } from "../../contracts/events/command-event.ts";
import { InstanceId } from "../../contracts/ids.ts";
import type { Commands } from "../../domain/ports/commands.ts";
import { isInvalidInstance, isUnknownInvocation } from "./command-error.ts";
import { readResult } from "./command-result.ts";
import { sdkCall, toPortError } from "./sdk-error.ts";

const SYSTEM = "ssm";
/** An agent that lives fetches a command within seconds. */
const DELIVERY_SECONDS = 60;
/** AWS's clock is not ours, and its filter may count whole seconds alone. */
const CLOCKS_APART_MILLISECONDS = 1_000;

/** Restarts of agents, as commands of Systems Manager. */
export function createRestarts(
  client: SSMClient,
  deployment: string,
): Pick<Commands, "restart" | "findRestart" | "result"> {
  const DocumentName = restartDocument(deployment);
  return {
    async restart(id, units) {
      if (!InstanceId.safeParse(id).success) return undefined;
      const command = new SendCommandCommand({
        DocumentName,
        InstanceIds: [id],
        Parameters: { Units: [units.join(" ")] },
        TimeoutSeconds: DELIVERY_SECONDS,
        Comment: `Drover restarts the agents of ${id}`,
      });
      try {
        return (await client.send(command)).Command?.CommandId;
      } catch (cause) {
        if (isInvalidInstance(cause)) return undefined;
        throw toPortError(SYSTEM, "ssm:SendCommand", cause);
      }
    },
    async findRestart(id, since) {
      const from = new Date(since.getTime() - CLOCKS_APART_MILLISECONDS);
      const Filters = [
        { key: "DocumentName" as const, value: DocumentName },
        { key: "InvokedAfter" as const, value: `${from.toISOString().slice(0, 19)}Z` },
      ];
      return sdkCall(SYSTEM, "ssm:ListCommandInvocations", async () => {
        let latest: { commandId: string | undefined; at: number } | undefined;
        // By its machine's id a command can't be found that nobody has fetched yet.
        const pages = paginateListCommandInvocations({ client }, { Filters });
        for await (const { CommandInvocations = [] } of pages) {
          for (const { InstanceId, CommandId, RequestedDateTime } of CommandInvocations) {
            const at = RequestedDateTime?.getTime() ?? 0;
            if (InstanceId !== id || (latest && latest.at >= at)) continue;
            latest = { commandId: CommandId, at };
          }
        }
        return latest?.commandId;
      });
    },
    async result(id, commandId) {
      const input = { CommandId: commandId, InstanceId: id };
      try {
        return readResult(await client.send(new GetCommandInvocationCommand(input)));
      } catch (cause) {
        if (isUnknownInvocation(cause)) return undefined;
        throw toPortError(SYSTEM, "ssm:GetCommandInvocation", cause);
      }
    },
  };
}
