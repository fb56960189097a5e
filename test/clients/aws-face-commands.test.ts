import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  paginateListCommandInvocations,
  SendCommandCommand,
} from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { startFaceWorld } from "./aws-face-world.ts";

const DocumentName = "Drover-RestartAgents-test";

async function start(instances = 1) {
  const world = await startFaceWorld();
  const { model, ssm } = world;
  const ids = Array.from({ length: instances }, () => model.ec2.run({ running: true }).id);
  for (const id of ids) model.managedNodes.startAgent(id);
  const send = async (InstanceIds = ids) => {
    const Parameters = { Units: ["consul nomad"] };
    const input = { DocumentName, InstanceIds, Parameters, TimeoutSeconds: 60 };
    return (await ssm.send(new SendCommandCommand(input))).Command?.CommandId ?? "";
  };
  const get = (CommandId: string, InstanceId = ids[0] ?? "") =>
    ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));
  return { ...world, ids, first: ids[0] ?? "", send, get };
}

describe("Run Command over HTTP", () => {
  it("hands the parameters on, and the output and exit status back", async () => {
    const { clock, model, send, get } = await start();
    model.runCommand.execute = ({ parameters }) => ({
      exitStatus: 1,
      output: `${parameters.Units}: failed`,
    });
    const commandId = await send();
    await clock.advance(10);
    expect(await get(commandId)).toMatchObject({
      DocumentName,
      Status: "Failed",
      StatusDetails: "Failed",
      ResponseCode: 1,
      StandardOutputContent: "consul nomad: failed",
    });
  });

  it("knows nothing of a command for a moment, nor ever of another machine's", async () => {
    const { clock, send, get } = await start();
    const commandId = await send();
    await expect(get(commandId)).rejects.toMatchObject({ name: "InvocationDoesNotExist" });
    await clock.advance(1);
    expect(await get(commandId)).toMatchObject({ Status: "InProgress", ResponseCode: -1 });
    await expect(get(commandId, "i-0cccccccccccccccc")).rejects.toMatchObject({
      name: "InvocationDoesNotExist",
    });
  });

  it("tells a command that nobody fetched from one that ran for too long", async () => {
    const { clock, model, first, send, get, ssm } = await start();
    model.managedNodes.stopAgent(first);
    const commandId = await send();
    await clock.advance(60);
    expect(await get(commandId)).toMatchObject({
      Status: "TimedOut",
      StatusDetails: "DeliveryTimedOut",
    });
    await clock.advance(400);
    const { InstanceInformationList } = await ssm.send(new DescribeInstanceInformationCommand({}));
    expect(InstanceInformationList).toMatchObject([
      { InstanceId: first, PingStatus: "ConnectionLost" },
    ]);
  });

  it("refuses a machine it does not know", async () => {
    const { model, send } = await start();
    const { id } = model.ec2.run({ running: true });
    await expect(send([id])).rejects.toMatchObject({ name: "InvalidInstanceId" });
  });
});

describe("ListCommandInvocations over HTTP", () => {
  it("finds commands by their document and time, the latest first", async () => {
    const { clock, ssm, send } = await start();
    const early = await send();
    await clock.advance(3_600);
    const late = await send();
    await clock.advance(1);
    const listed = async (
      ...Filters: { key: "DocumentName" | "InvokedAfter"; value: string }[]
    ) => {
      const answer = await ssm.send(new ListCommandInvocationsCommand({ Filters }));
      return answer.CommandInvocations?.map(({ CommandId }) => CommandId);
    };
    expect(await listed({ key: "DocumentName", value: DocumentName })).toEqual([late, early]);
    expect(await listed({ key: "DocumentName", value: "AWS-RunShellScript" })).toEqual([]);
    expect(await listed({ key: "InvokedAfter", value: "2026-01-01T00:30:00Z" })).toEqual([late]);
  });

  it("gives pages, with the output when asked for", async () => {
    const { clock, ssm, ids, model, send } = await start(45);
    model.runCommand.execute = () => ({ exitStatus: 0, output: "x".repeat(3_000) });
    await send();
    await clock.advance(10);
    const seen: (string | undefined)[] = [];
    for await (const { CommandInvocations = [] } of paginateListCommandInvocations(
      { client: ssm, pageSize: 20 },
      { Details: true },
    )) {
      expect(CommandInvocations.length).toBeLessThanOrEqual(20);
      expect(CommandInvocations[0]?.CommandPlugins?.[0]?.Output).toHaveLength(2_500);
      seen.push(...CommandInvocations.map(({ InstanceId }) => InstanceId));
    }
    expect(seen.sort()).toEqual([...ids].sort());
  });

  it("refuses a filter that it does not know", async () => {
    const { ssm } = await start();
    const Filters = [{ key: "ExecutionStage" as const, value: "Executing" }];
    await expect(ssm.send(new ListCommandInvocationsCommand({ Filters }))).rejects.toMatchObject({
      name: "InvalidFilterKey",
    });
  });
});
