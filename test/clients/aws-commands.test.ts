import { describe, expect, it } from "vitest";
import { createCommands } from "../../lambdas/clients/aws/commands.ts";
import { InstanceId, NodeId } from "../../lambdas/contracts/ids.ts";
import { modelCommandsPort } from "../../local/aws/ports.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const instanceId = (n: number) => InstanceId.parse(`i-0${String(n).padStart(16, "0")}`);
const NODE = instanceId(1);

describe.each(["http", "in-process"] as const)("SSM agents, %s", (way) => {
  async function start() {
    const world = await startFaceWorld();
    const { model, ssm } = world;
    const port = way === "http" ? createCommands(ssm, "test") : modelCommandsPort(model, "test");
    return { ...world, port };
  }

  it("are online while they are heard, and lost some minutes after their last word", async () => {
    const { port, model, clock } = await start();
    expect(await port.agent(NODE)).toBeUndefined();
    model.managedNodes.startAgent(NODE, { version: "3.3.1.0" });
    await clock.advance(700);
    expect(await port.agent(NODE)).toEqual({
      pingStatus: "Online",
      lastPingAt: new Date("2026-01-01T00:10:00Z"),
      version: "3.3.1.0",
    });
    model.managedNodes.stopAgent(NODE);
    await clock.advance(200);
    expect((await port.agent(NODE))?.pingStatus).toBe("Online");
    await clock.advance(100);
    expect(await port.agent(NODE)).toMatchObject({
      pingStatus: "ConnectionLost",
      lastPingAt: new Date("2026-01-01T00:10:00Z"),
    });
    model.managedNodes.startAgent(NODE);
    expect((await port.agent(NODE))?.pingStatus).toBe("Online");
  });

  it("of hybrid machines are found by their ids, and names of other providers' are not asked for", async () => {
    const { port, model } = await start();
    const hybrid = NodeId.parse(model.managedNodes.activate({ name: "edge-1" }));
    const [known, foreign] = await Promise.all([
      port.agent(hybrid),
      port.agent(NodeId.parse("azure-vm-3")),
    ]);
    expect(hybrid).toMatch(/^mi-[0-9a-f]{17}$/);
    expect(known?.pingStatus).toBe("Online");
    expect(foreign).toBeUndefined();
  });

  it("are found for more machines than a page holds", async () => {
    const { port, model } = await start();
    const ids = Array.from({ length: 120 }, (_, n) => instanceId(n + 1));
    for (const id of ids.slice(1)) model.managedNodes.startAgent(id, { version: id.slice(2, 5) });
    const found = await Promise.all(ids.map((id) => port.agent(id)));
    expect(found.filter((agent) => agent === undefined)).toHaveLength(1);
    expect(found.at(-1)?.pingStatus).toBe("Online");
  });

  it("can't be asked for without permission", async () => {
    const { port, model } = await start();
    model.faults.deny("ssm:DescribeInstanceInformation");
    await expect(port.agent(NODE)).rejects.toMatchObject({ system: "ssm", kind: "denied" });
  });
});
