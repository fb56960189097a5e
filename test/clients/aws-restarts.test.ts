import { SendCommandCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { readResult } from "../../lambdas/clients/aws/command-result.ts";
import { createCommands } from "../../lambdas/clients/aws/commands.ts";
import { InstanceId, NodeId } from "../../lambdas/contracts/ids.ts";
import { modelCommandsPort } from "../../local/aws/ports.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const instanceId = (n: number) => InstanceId.parse(`i-0${String(n).padStart(16, "0")}`);
const NODE = instanceId(1);
const OTHER = instanceId(2);
const UNITS = ["consul", "nomad"];

describe.each(["http", "in-process"] as const)("restarts by SSM's port, %s", (way) => {
  async function start() {
    const world = await startFaceWorld();
    const { model, ssm } = world;
    for (const id of [NODE, OTHER]) {
      model.ec2.run({ id, running: true });
      model.managedNodes.startAgent(id);
    }
    const port = way === "http" ? createCommands(ssm, "test") : modelCommandsPort(model, "test");
    const order = async (id = NODE) => (await port.restart(id, UNITS)) ?? "nothing was ordered";
    return { ...world, port, order, now: () => world.clock.now() };
  }

  it("are done by the deployment's own document, and tell their end", async () => {
    const { port, order, clock, model } = await start();
    const ran: unknown[] = [];
    model.runCommand.execute = ({ documentName, parameters }) => {
      ran.push({ documentName, parameters });
      return { exitStatus: 0, output: "consul: active\nnomad: active\n", seconds: 5 };
    };
    const commandId = await order();
    expect(await port.result(NODE, commandId)).toBeUndefined();
    await clock.advance(2);
    expect(ran).toEqual([
      { documentName: "Drover-RestartAgents-test", parameters: { Units: ["consul nomad"] } },
    ]);
    expect(await port.result(NODE, commandId)).toEqual({ status: "pending", output: "" });
    await clock.advance(5);
    const output = "consul: active\nnomad: active";
    expect(await port.result(NODE, commandId)).toEqual({ status: "success", output });
    expect(await port.result(OTHER, commandId)).toBeUndefined();
  });

  it("fail with the end of what they wrote", async () => {
    const { port, order, clock, model } = await start();
    const output = `${"x".repeat(3_000)}\nnomad: failed`;
    model.runCommand.execute = () => ({ exitStatus: 3, output });
    const commandId = await order();
    await clock.advance(10);
    const result = await port.result(NODE, commandId);
    expect(result).toEqual({ status: "failed", output: output.slice(-2_000) });
  });

  it("are undeliverable when the machine's agent is dead", async () => {
    const { port, order, clock, model } = await start();
    model.managedNodes.stopAgent(NODE);
    const commandId = await order();
    await clock.advance(59);
    expect((await port.result(NODE, commandId))?.status).toBe("pending");
    await clock.advance(1);
    expect((await port.result(NODE, commandId))?.status).toBe("undeliverable");
  });

  it("are not known for machines that Systems Manager does not know", async () => {
    const { port, clock, model } = await start();
    for (const id of [instanceId(99), NodeId.parse("azure-vm-3")]) {
      expect(await port.restart(id, UNITS)).toBeUndefined();
    }
    model.ec2.terminate(NODE);
    await clock.advance(1);
    expect(await port.restart(NODE, UNITS)).toBeUndefined();
  });

  it("are found again: the latest of the machine since then, fetched or not", async () => {
    const { port, order, clock, model, now, ssm } = await start();
    expect(await port.findRestart(NODE, now())).toBeUndefined();
    await order();
    await clock.advance(600);
    const since = now();
    expect(await port.findRestart(NODE, since)).toBeUndefined();
    model.managedNodes.stopAgent(NODE);
    const first = await order();
    await clock.advance(1);
    expect(await port.findRestart(NODE, since)).toBe(first);
    await clock.advance(10);
    const second = await order();
    await order(OTHER);
    const InstanceIds = [NODE];
    await ssm.send(new SendCommandCommand({ DocumentName: "AWS-RunShellScript", InstanceIds }));
    await clock.advance(1);
    expect(await port.findRestart(NODE, since)).toBe(second);
  });

  it("are found among more than a page holds", async () => {
    const { port, order, clock, now } = await start();
    const since = now();
    const mine = await order();
    for (let n = 0; n < 60; n++) await order(OTHER);
    await clock.advance(1);
    expect(await port.findRestart(NODE, since)).toBe(mine);
  });

  it("are not absent because nobody may ask", async () => {
    const { port, order, model, clock, now } = await start();
    const since = now();
    const commandId = await order();
    await clock.advance(1);
    const denied = { system: "ssm", kind: "denied" };
    model.faults.deny("ssm:SendCommand");
    await expect(port.restart(NODE, UNITS)).rejects.toMatchObject(denied);
    model.faults.deny("ssm:ListCommandInvocations");
    await expect(port.findRestart(NODE, since)).rejects.toMatchObject(denied);
    model.faults.deny("ssm:GetCommandInvocation");
    await expect(port.result(NODE, commandId)).rejects.toMatchObject(denied);
  });
});

describe("the result of a command", () => {
  const read = (Status: string, StatusDetails: string) =>
    readResult({ $metadata: {}, Status: Status as "Success", StatusDetails }).status;

  it.each([
    ["Pending", "Pending", "pending"],
    ["InProgress", "InProgress", "pending"],
    ["InProgress", "In Progress", "pending"],
    ["Delayed", "Delayed", "pending"],
    ["Cancelling", "Cancelling", "pending"],
    ["Success", "Success", "success"],
    ["Failed", "Failed", "failed"],
    ["Cancelled", "Cancelled", "failed"],
    ["Failed", "AccessDenied", "failed"],
    ["TimedOut", "TimedOut", "timed-out"],
    ["TimedOut", "ExecutionTimedOut", "timed-out"],
    ["TimedOut", "Execution Timed Out", "timed-out"],
    ["TimedOut", "DeliveryTimedOut", "undeliverable"],
    ["TimedOut", "Delivery Timed Out", "undeliverable"],
    ["Failed", "Undeliverable", "undeliverable"],
    ["Failed", "Terminated", "undeliverable"],
    ["Success", "", "success"],
  ])("with status %s and details %s is %s", (status, details, expected) => {
    expect(read(status, details)).toBe(expected);
  });

  it("holds what was written to both outputs", () => {
    const output = { StandardOutputContent: "tried\n", StandardErrorContent: "failed\n" };
    expect(readResult({ $metadata: {}, Status: "Failed", ...output })).toEqual({
      status: "failed",
      output: "tried\nfailed",
    });
  });
});
