import {
  GetCommandInvocationCommand,
  paginateListCommandInvocations,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import DataLoader from "dataloader";
import type { NodeId } from "../../contracts/ids.ts";
import type { CommandResult } from "../../domain/ports/commands.ts";
import { readStatus } from "./command-result.ts";
import { sdkCall } from "./sdk-error.ts";
import type { WhenToSend } from "./soon.ts";
import { unitStates } from "./unit-states.ts";

const SYSTEM = "ssm";
/** The record of a rotation holds this of every machine, and DynamoDB takes 400 KB of it. */
const OUTPUT_CHARACTERS = 200;

interface Asked {
  readonly id: NodeId;
  readonly commandId: string;
}

/** Asks how a command fares on a machine; undefined while nobody knows of it. */
export type AskResult = (asked: Asked) => Promise<CommandResult | undefined>;

/** Machines of the same command that are asked for together travel in one call. */
export function createReloadResults(client: SSMClient, whenToSend: WhenToSend): AskResult {
  async function statuses(CommandId: string): Promise<Statuses> {
    return sdkCall(SYSTEM, "ssm:ListCommandInvocations", async () => {
      const found = new Map<string | undefined, CommandResult["status"]>();
      for await (const page of paginateListCommandInvocations({ client }, { CommandId })) {
        for (const each of page.CommandInvocations ?? []) {
          found.set(each.InstanceId, readStatus(each));
        }
      }
      return found;
    });
  }

  /** How its units are is asked for only if it has failed; what they wrote can be read by the command's id. */
  async function outputOf({ id, commandId: CommandId }: Asked): Promise<string> {
    const command = new GetCommandInvocationCommand({ CommandId, InstanceId: id });
    const invocation = await sdkCall(SYSTEM, "ssm:GetCommandInvocation", () =>
      client.send(command),
    );
    const states = unitStates(invocation).slice(0, OUTPUT_CHARACTERS);
    return [...(states ? [states] : []), `command ${CommandId}`].join("; ");
  }

  async function look(asked: readonly Asked[]): Promise<(CommandResult | undefined)[]> {
    const ids = [...new Set(asked.map(({ commandId }) => commandId))];
    const found = new Map<string, Statuses>();
    for (const id of ids) found.set(id, await statuses(id));
    return Promise.all(
      asked.map(async (each) => {
        const status = found.get(each.commandId)?.get(each.id);
        if (!status) return undefined;
        const isOver = status !== "pending" && status !== "success";
        return { status, output: isOver ? await outputOf(each) : "" };
      }),
    );
  }

  const loader = new DataLoader(look, { cache: false, batchScheduleFn: whenToSend });
  return (asked) => loader.load(asked);
}

type Statuses = ReadonlyMap<string | undefined, CommandResult["status"]>;
