import { describe, expect, it } from "vitest";
import { createCompute } from "../../lambdas/clients/aws/compute.ts";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { modelComputePort } from "../../local/aws/ports.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const instanceId = (n: number) => InstanceId.parse(`i-0${String(n).padStart(16, "0")}`);
const NODE = instanceId(1);

async function startWorld() {
  const world = await startFaceWorld();
  world.model.ec2.run({ id: NODE, running: true });
  return world;
}

describe.each(["http", "in-process"] as const)("EC2's port, %s", (way) => {
  it("describes an instance to its end and beyond", async () => {
    const { ec2, model, clock } = await startWorld();
    const port = way === "http" ? createCompute(ec2, clock) : modelComputePort(model);
    const both = () => Promise.all([port.instance(NODE), port.instance(instanceId(99))]);
    const [running, unknown] = await both();
    expect(unknown).toBeUndefined();
    expect(running).toEqual({
      id: NODE,
      state: "running",
      privateDnsName: expect.stringMatching(/^ip-10-.*\.eu-central-1\.compute\.internal$/),
      privateIpAddress: expect.stringMatching(/^10\./),
      zone: "eu-central-1a",
      lifeCycle: "on-demand",
      group: null,
    });
    model.ec2.terminate(NODE);
    expect((await port.instance(NODE))?.state).toBe("shutting-down");
    await clock.advance(30);
    expect(await port.instance(NODE)).toEqual({
      id: NODE,
      state: "terminated",
      privateDnsName: null,
      privateIpAddress: null,
      zone: "eu-central-1a",
      lifeCycle: "on-demand",
      group: null,
    });
    await clock.advance(3_600);
    expect(await port.instance(NODE)).toBeUndefined();
    model.faults.deny("ec2:DescribeInstances");
    await expect(port.instance(NODE)).rejects.toMatchObject({ system: "ec2", kind: "denied" });
  });

  it("tells a spot instance from the others", async () => {
    const { ec2, model, clock } = await startWorld();
    const port = way === "http" ? createCompute(ec2, clock) : modelComputePort(model);
    const { id } = model.ec2.run({ spot: true, zone: "eu-central-1c" });
    const seen = await port.instance(InstanceId.parse(id));
    expect(seen).toMatchObject({ lifeCycle: "spot", zone: "eu-central-1c", state: "pending" });
  });

  it("reads what an instance wrote to its console last", async () => {
    const { ec2, model, clock } = await startWorld();
    const port = way === "http" ? createCompute(ec2, clock) : modelComputePort(model);
    expect(await port.consoleOutput(NODE)).toBeUndefined();
    model.ec2.consoles.append(NODE, "x".repeat(70_000));
    model.ec2.consoles.append(NODE, "nomad: größer als erlaubt\n");
    const output = await port.consoleOutput(NODE);
    expect(output).toMatch(/nomad: größer als erlaubt\n$/);
    expect(Buffer.byteLength(output ?? "")).toBe(65_536);
    expect(await port.consoleOutput(instanceId(99))).toBeUndefined();
    model.faults.deny("ec2:GetConsoleOutput");
    await expect(port.consoleOutput(NODE)).rejects.toMatchObject({ system: "ec2", kind: "denied" });
  });

  it("reads what was posted of a console that can't be read as it is", async () => {
    const { ec2, model, clock } = await startWorld();
    const port = way === "http" ? createCompute(ec2, clock) : modelComputePort(model);
    const id = InstanceId.parse(model.ec2.run({ nitro: false }).id);
    await clock.advance(60);
    model.ec2.consoles.append(id, "kernel panic");
    expect(await port.consoleOutput(id)).toBeUndefined();
    await clock.advance(120);
    expect(await port.consoleOutput(id)).toBe("kernel panic");
  });
});

it("an instance in a state nobody knows is not gone", async () => {
  const { ec2, clock } = await startWorld();
  ec2.middlewareStack.add(
    (next, context) => async (input) => {
      const answer = await next(input);
      if (context.commandName !== "DescribeInstancesCommand") return answer;
      const State = { Name: "hibernating" };
      const Instances = [{ InstanceId: NODE, State, PrivateDnsName: "ip-10-0-0-1.internal" }];
      return { ...answer, output: { $metadata: {}, Reservations: [{ Instances }] } };
    },
    { step: "initialize" },
  );
  expect((await createCompute(ec2, clock).instance(NODE))?.state).toBe("running");
});
