import { describe, expect, it } from "vitest";
import { CommandEvent, restartDocument } from "../../lambdas/contracts/events/command-event.ts";
import { startGroup } from "./aws-group-world.ts";

// What is claimed here is documented by AWS: "Understanding command statuses" in the Systems Manager
// guide, and InvalidInstanceId of SendCommand.

const documentName = restartDocument("test");

function start() {
  const world = startGroup({ hooks: [], instances: [{}, {}] });
  const { model, clock } = world;
  const [id = "", other = ""] = world.ids();
  model.managedNodes.startAgent(id);
  const send = (instanceIds = [id], timeoutSeconds = 60) =>
    model.runCommand.send({ documentName, instanceIds, timeoutSeconds });
  const find = (commandId: string, instanceId = id) =>
    model.runCommand
      .list()
      .find((each) => each.commandId === commandId && each.instanceId === instanceId);
  const statuses = () =>
    world
      .eventsOf("EC2 Command Invocation Status-change Notification")
      .map((event) => CommandEvent.parse(event).detail)
      .map((detail) => `${detail["instance-id"]} ${detail.status}`);
  return { ...world, model, clock, id, other, send, find, statuses };
}

describe("a command", () => {
  it("is done by a living agent, and events tell of it", async () => {
    const world = start();
    world.model.runCommand.execute = ({ documentName: name }) => ({ exitStatus: 0, output: name });
    const commandId = world.send();
    await world.clock.advance(10);
    expect(world.find(commandId)).toMatchObject({
      status: "Success",
      exitStatus: 0,
      output: documentName,
    });
    expect(world.statuses()).toEqual([`${world.id} InProgress`, `${world.id} Success`]);
  });

  it("is unknown for a moment after it was sent", async () => {
    const world = start();
    const commandId = world.send();
    expect(world.find(commandId)).toBeUndefined();
    await world.clock.advance(1);
    expect(world.find(commandId)).toMatchObject({ commandId });
  });

  it("fails with its exit status and what was written", async () => {
    const world = start();
    world.model.runCommand.execute = () => ({ exitStatus: 1, output: "nomad is failed" });
    const commandId = world.send();
    await world.clock.advance(10);
    expect(world.find(commandId)).toMatchObject({
      status: "Failed",
      exitStatus: 1,
      output: "nomad is failed",
    });
  });

  it("is not fetched by a dead agent, and nothing happens later", async () => {
    const world = start();
    let executions = 0;
    world.model.runCommand.execute = () => ({ exitStatus: 0, output: String(++executions) });
    world.model.managedNodes.stopAgent(world.id);
    const commandId = world.send();
    await world.clock.advance(59);
    expect(world.find(commandId)?.status).toBe("Pending");
    await world.clock.advance(1);
    expect(world.find(commandId)).toMatchObject({
      status: "TimedOut",
      statusDetails: "DeliveryTimedOut",
    });
    world.model.managedNodes.startAgent(world.id);
    await world.clock.advance(60);
    expect(executions).toBe(0);
    expect(world.statuses()).toEqual([`${world.id} TimedOut`]);
  });

  it("is fetched by an agent that is back in time", async () => {
    const world = start();
    world.model.managedNodes.stopAgent(world.id);
    const commandId = world.send();
    await world.clock.advance(30);
    world.model.managedNodes.startAgent(world.id);
    await world.clock.advance(10);
    expect(world.find(commandId)?.status).toBe("Success");
  });

  it("whose machine falls silent meanwhile runs out", async () => {
    const world = start();
    world.model.runCommand.execute = () => ({ exitStatus: 0, output: "", seconds: 20 });
    const commandId = world.send();
    await world.clock.advance(10);
    world.model.managedNodes.stopAgent(world.id);
    await world.clock.advance(3_000);
    expect(world.find(commandId)?.status).toBe("InProgress");
    await world.clock.advance(1_000);
    expect(world.find(commandId)?.statusDetails).toBe("ExecutionTimedOut");
  });

  it("goes to machines that Systems Manager knows, and not to one that ends", () => {
    const world = start();
    expect(() => world.send([world.other])).toThrow(/not in a valid state/);
    world.model.ec2.terminate(world.id);
    expect(() => world.send()).toThrow(/not in a valid state/);
    const hybrid = world.model.managedNodes.activate({ name: "edge" });
    expect(world.send([hybrid])).toHaveLength(36);
  });
});
