import { describe, expect, it } from "vitest";
import { reloadDocument, restartDocument } from "../../lambdas/contracts/events/command-event.ts";
import { VirtualClock } from "../../local/clock.ts";
import { type ClientGroup, ModelCluster } from "../../local/model-cluster.ts";

const GROUP = "nomad-clients";

/** A cluster whose one machine has agents of each kind, with an image or without. */
async function start(kind: "image" | "plain", group: Partial<ClientGroup> = {}) {
  const clock = new VirtualClock();
  const cluster = new ModelCluster(clock);
  const image = { introductionPath: false } as const;
  const [id = ""] = cluster.addGroup({
    name: GROUP,
    instances: 1,
    ...(kind === "image" && { image }),
    ...group,
  });
  if (kind === "plain") cluster.consul.startAgent({ name: id, meta: { instance_id: id } });
  await clock.advance(30);
  const command = async (documentName: string, parameters: Record<string, string[]>) => {
    const { runCommand } = cluster.aws;
    const commandId = runCommand.send({ documentName, instanceIds: [id], parameters });
    await clock.advance(20);
    return runCommand.list().find((each) => each.commandId === commandId);
  };
  const restart = (...units: string[]) =>
    command(restartDocument("test"), { Units: [units.join(" ")] });
  const reload = (...units: string[]) =>
    command(reloadDocument("test"), { Units: [units.join(" ")], Action: ["reload"] });
  const node = () => cluster.nomad.node(cluster.nodeId(id));
  const consul = () =>
    cluster.consul
      .nodes()
      .find(({ name }) => name === id)
      ?.checks.get("serfHealth")?.status;
  return { clock, cluster, id, restart, reload, node, consul };
}

describe.each(["image", "plain"] as const)("agents of a machine, %s", (kind) => {
  it("that die come back by a restart, as the node they were", async () => {
    const { clock, cluster, id, restart, node, consul } = await start(kind);
    const before = node()?.id;
    await cluster.killAgent(id, "nomad");
    await cluster.killAgent(id, "consul");
    await clock.advance(60);
    expect(node()?.status).toBe("down");
    expect(consul()).toBe("critical");
    const command = await restart("consul", "nomad");
    expect(command).toMatchObject({ status: "Success", exitStatus: 0 });
    expect(command?.output).toContain("== nomad is active");
    await clock.advance(10);
    expect(node()).toMatchObject({ id: before, status: "ready" });
    expect(consul()).toBe("passing");
  });

  it("that are not named stay as they are", async () => {
    const { clock, cluster, id, restart, node, consul } = await start(kind);
    await cluster.killAgent(id, "nomad");
    await cluster.killAgent(id, "consul");
    await restart("consul");
    await clock.advance(60);
    expect(consul()).toBe("passing");
    expect(node()?.status).toBe("down");
  });

  it("that are broken don't come back until they are mended", async () => {
    const { clock, cluster, id, restart, node } = await start(kind);
    await cluster.breakAgent(id, "nomad", "nomad: failed to open boltdb");
    const command = await restart("nomad");
    expect(command).toMatchObject({ status: "Failed", exitStatus: 1 });
    expect(command?.output).toContain("nomad: failed to open boltdb");
    await clock.advance(60);
    expect(node()?.status).toBe("down");
    cluster.mendAgent(id, "nomad");
    expect(await restart("nomad")).toMatchObject({ status: "Success" });
    expect(node()?.status).toBe("ready");
  });

  it("are reloaded as they run, and not when they are dead", async () => {
    const { clock, cluster, id, restart, reload, node } = await start(kind);
    expect(await reload("consul", "nomad")).toMatchObject({ status: "Success" });
    await cluster.killAgent(id, "nomad");
    await clock.advance(60);
    const dead = await reload("consul", "nomad");
    expect(dead).toMatchObject({ status: "Failed" });
    expect(dead?.output).toContain("nomad.service is not active, cannot reload.");
    expect(node()?.status).toBe("down");
    await restart("nomad");
    expect(await reload("nomad")).toMatchObject({ status: "Success" });
    expect(await reload("nomad-client")).toMatchObject({ status: "Failed" });
  });

  it("can't be restarted by a name that no unit has, nor through a dead SSM agent", async () => {
    const { clock, cluster, id, restart } = await start(kind);
    const command = await restart("nomad-client");
    expect(command?.exitStatus).toBe(1);
    expect(command?.output).toContain("Unit nomad-client.service not found");
    await cluster.killAgent(id, "ssm");
    expect(await restart("nomad")).toMatchObject({ status: "Pending" });
    await clock.advance(3_600);
    expect(cluster.aws.managedNodes.find(id)?.pingStatus).toBe("ConnectionLost");
  });

  it("come back by themselves after a reboot", async () => {
    const { clock, cluster, id, node, consul } = await start(kind);
    const before = node()?.id;
    cluster.aws.ec2.reboot(id);
    expect(cluster.aws.managedNodes.lives(id)).toBe(false);
    await clock.advance(90);
    expect(node()).toMatchObject({ id: before, status: "ready" });
    expect(consul()).toBe("passing");
    expect(cluster.aws.managedNodes.lives(id)).toBe(true);
  });

  it("are new with another root volume: the instance has two Nomad nodes, one of them down", async () => {
    const { clock, cluster, id, node, consul } = await start(kind, { hooks: [] });
    const before = node()?.id ?? "";
    const consulId = cluster.consul.members.agents.get(id)?.id;
    cluster.aws.autoScaling.replaceRootVolume(id);
    await clock.advance(120);
    expect(cluster.aws.autoScaling.findMember(id)?.lifecycleState).toBe("InService");
    expect(cluster.nomad.node(before)?.status).toBe("down");
    expect(node()).toMatchObject({ status: "ready" });
    expect(node()?.id).not.toBe(before);
    expect(consul()).toBe("passing");
    expect(cluster.consul.members.agents.get(id)?.id).not.toBe(consulId);
  });

  it("fall silent while their instance is stopped", async () => {
    const { clock, cluster, id, node } = await start(kind);
    const before = node()?.id;
    cluster.aws.autoScaling.suspendProcesses(GROUP);
    cluster.aws.ec2.stop(id);
    await clock.advance(60);
    expect(node()?.status).toBe("down");
    cluster.aws.ec2.start(id);
    await clock.advance(60);
    expect(node()).toMatchObject({ id: before, status: "ready" });
  });
});

it("a machine that was given its introduction by Drover waits for another one on a new disk", async () => {
  const { clock, cluster, id } = await start("image", { image: {}, hooks: [] });
  const before = cluster.nodeId(id);
  cluster.aws.autoScaling.replaceRootVolume(id);
  await clock.advance(600);
  expect(cluster.nomad.node(before)?.status).toBe("down");
  expect(cluster.machines.find(id)?.nomad.nodeId).toBeUndefined();
  expect(cluster.aws.managedNodes.find(id)?.pingStatus).toBe("Online");
});

it("tasks that still run when their machine goes off are killed, whatever turns it off", async () => {
  const { clock, cluster, id } = await start("plain");
  cluster.nomad.registerJob({ id: "web", count: 1 });
  await clock.advance(10);
  cluster.aws.ec2.reboot(id);
  expect(cluster.killed).toMatchObject([{ instanceId: id, allocations: [{}] }]);
});

it("an instance on which nothing runs has no agents to kill", async () => {
  const { cluster } = await start("plain");
  const { id } = cluster.aws.ec2.run();
  await expect(cluster.killAgent(id, "nomad")).rejects.toThrow(/nothing runs/);
});
