import { describe, expect, test } from "vitest";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { modelConsulPort } from "../../local/consul/port.ts";
import { GROUP, MachinesWorld } from "./machines-world.ts";

describe("a machine that comes up", () => {
  test("waits for its introduction, and for as long as it takes", async () => {
    const world = new MachinesWorld();
    const [id] = await world.launch();
    if (!id) throw new Error("nothing was launched");
    await world.clock.advance(600);
    expect(world.cluster.aws.managedNodes.find(id)).toMatchObject({ pingStatus: "Online" });
    expect(world.machine(id)?.nomad.nodeId).toBeUndefined();
    expect(world.consulNode(id)).toBeUndefined();
    await world.introduce(id);
    await world.clock.advance(30);
    expect(world.nomadNode(id)?.status).toBe("ready");
  });

  test("is a member of Consul and of Nomad under its name, ineligible at first", async () => {
    const world = new MachinesWorld({
      nomadVersion: "2.0.3",
      datacenter: "eu",
      consulMeta: { rack: "7" },
    });
    const id = await world.comeUp();
    expect(world.nomadNode(id)).toMatchObject({
      name: id,
      status: "ready",
      eligible: false,
      version: "2.0.3",
      datacenter: "eu",
      nodePool: "default",
    });
    expect(world.checks(id)).toEqual({ serfHealth: "passing" });
    expect(world.consulNode(id)?.meta).toMatchObject({ instance_id: id, rack: "7" });
  });

  test("reports the accessor of its Vault token, which carries its name", async () => {
    const world = new MachinesWorld();
    const id = await world.comeUp();
    const report = await world.report(id);
    const accessor = report && "vaultTokenAccessor" in report ? report.vaultTokenAccessor : "";
    expect(world.cluster.vault.tokens.byAccessor(accessor)?.meta).toMatchObject({
      instance_id: id,
    });
    expect(
      world.cluster.vault.secretIds().map(({ metadata }) => metadata.instance_id),
    ).not.toContain(id);
  });

  test("says on its console how far it has come, and no secret", async () => {
    const world = new MachinesWorld();
    const id = await world.comeUp();
    const text = world.console(id);
    for (const said of ["Booting", "logged in to Vault", "consul: agent started", "registration"]) {
      expect(text).toContain(said);
    }
    const { consul, vault } = world.cluster;
    const secrets = [...consul.tokens().map(({ secretId }) => secretId)];
    for (const secret of [...secrets, ...vault.liveTokens().map((token) => token.id)]) {
      expect(text).not.toContain(secret);
    }
  });

  test("tries again while Vault is away, and has lost nothing by it", async () => {
    const world = new MachinesWorld();
    const [id] = await world.launch();
    if (!id) throw new Error("nothing was launched");
    await world.introduce(id);
    world.cluster.vault.faults.set("sealed");
    await world.clock.advance(30);
    expect(await world.report(id)).toBeUndefined();
    world.cluster.vault.faults.clear();
    await world.clock.advance(30);
    expect(await world.report(id)).toHaveProperty("vaultTokenAccessor");
    expect(world.nomadNode(id)?.status).toBe("ready");
  });

  test("logs in when Vault is back", async () => {
    const world = new MachinesWorld();
    const [id] = await world.launch();
    if (!id) throw new Error("nothing was launched");
    await world.introduce(id);
    world.cluster.vault.faults.set("away");
    await world.clock.advance(120);
    world.cluster.vault.faults.clear();
    await world.clock.advance(60);
    expect(await world.report(id)).toHaveProperty("vaultTokenAccessor");
  });

  test("gives up after half an hour without Vault", async () => {
    const world = new MachinesWorld();
    const [other] = await world.launch();
    if (!other) throw new Error("nothing was launched");
    await world.introduce(other);
    world.cluster.vault.faults.set("away");
    await world.clock.advance(2_000);
    world.cluster.vault.faults.clear();
    await world.clock.advance(600);
    expect(await world.report(other)).toBeUndefined();
    expect(world.machine(other)?.nomad.nodeId).toBeUndefined();
  });

  test("gives up half an hour after it could have been introduced", async () => {
    const world = new MachinesWorld();
    const [id] = await world.launch();
    if (!id) throw new Error("nothing was launched");
    await world.clock.advance(1_900);
    expect(world.console(id)).toContain("there is no introduction");
    await world.introduce(id);
    await world.clock.advance(60);
    expect(world.machine(id)?.nomad.nodeId).toBeUndefined();
  });

  test("joins a Nomad that lets in nobody without a token of its own", async () => {
    const strict = { clientIntroduction: { enforcement: "strict" as const } };
    const world = new MachinesWorld({}, strict);
    const id = await world.comeUp();
    expect(world.nomadNode(id)?.status).toBe("ready");
    const without = new MachinesWorld({ introductionPath: false }, strict);
    const [alone] = await without.launch();
    await without.clock.advance(60);
    if (!alone) throw new Error("nothing was launched");
    expect(without.machine(alone)?.nomad.nodeId).toHaveLength(36);
    expect(without.nomadNode(alone)).toBeUndefined();
    expect(without.console(alone)).toContain("Permission denied");
  });
});

describe("a machine whose instance ends", () => {
  test("falls silent everywhere", async () => {
    const world = new MachinesWorld();
    const id = await world.comeUp();
    world.cluster.aws.ec2.terminate(id);
    await world.clock.advance(60);
    expect(world.nomadNode(id)?.status).toBe("down");
    expect(world.checks(id)).toEqual({ serfHealth: "critical" });
    await world.clock.advance(600);
    expect(world.cluster.aws.managedNodes.find(id)?.pingStatus).toBe("ConnectionLost");
  });

  test("before it has come up never joins", async () => {
    const world = new MachinesWorld();
    const [id] = await world.launch();
    if (!id) throw new Error("nothing was launched");
    await world.introduce(id);
    await world.clock.advance(10);
    world.cluster.aws.ec2.terminate(id);
    await world.clock.advance(300);
    expect(world.machine(id)?.nomad.nodeId).toBeUndefined();
    expect(await world.report(id)).toBeUndefined();
  });

  test("can seem alive to Consul again, for a while", async () => {
    const world = new MachinesWorld();
    const id = await world.comeUp();
    world.cluster.aws.ec2.terminate(id);
    await world.clock.advance(60);
    await world.cluster.machines.resurface(id, 30);
    await world.clock.advance(10);
    expect(world.checks(id)).toEqual({ serfHealth: "passing" });
    await world.clock.advance(40);
    expect(world.checks(id)).toEqual({ serfHealth: "critical" });
  });

  test("that was only stopped comes back as the same node, without another introduction", async () => {
    const world = new MachinesWorld();
    const id = await world.comeUp();
    const before = world.nomadNode(id)?.id;
    world.keepUnhealthy();
    world.cluster.aws.ec2.stop(id);
    await world.clock.advance(120);
    expect(world.nomadNode(id)?.status).toBe("down");
    world.cluster.aws.ec2.start(id);
    await world.clock.advance(60);
    expect(world.nomadNode(id)).toMatchObject({ id: before, status: "ready" });
    expect(world.checks(id)).toEqual({ serfHealth: "passing" });
  });
});

describe("a machine in a warm pool", () => {
  test.each(["Running", "Stopped"] as const)(
    "of state %s waits for its turn, whatever lies in Parameter Store, and joins then",
    async (state) => {
      const world = new MachinesWorld();
      const { aws } = world.cluster;
      aws.autoScaling.putWarmPool(GROUP, { minSize: 1, state, maxPreparedCapacity: 1 });
      await world.clock.advance(6);
      const id = InstanceId.parse(aws.ec2.list()[0]?.id);
      await world.introduce(id);
      await world.clock.advance(4_000);
      expect(world.machine(id)?.nomad.nodeId).toBeUndefined();
      expect(await world.report(id)).toBeUndefined();
      expect(aws.autoScaling.findMember(id)?.lifecycleState).toBe(`Warmed:${state}`);
      aws.autoScaling.setDesiredCapacity(GROUP, 1);
      await world.clock.advance(1);
      await world.introduce(id);
      await world.clock.advance(60);
      expect(world.nomadNode(id)).toMatchObject({ name: id, status: "ready" });
      expect(world.checks(id)).toEqual({ serfHealth: "passing" });
    },
  );
});

describe("a machine that starts for another time", () => {
  async function stopped() {
    const world = new MachinesWorld();
    const id = await world.comeUp();
    const first = await world.report(id);
    world.keepUnhealthy();
    world.cluster.aws.ec2.stop(id);
    await world.clock.advance(60);
    return { world, id, first };
  }

  test("with another introduction logs in anew, reports, and is the node it was", async () => {
    const { world, id, first } = await stopped();
    const node = world.nomadNode(id)?.id;
    expect(await modelConsulPort(world.cluster.consul).revokeNodeToken(id)).toBe("done");
    world.cluster.aws.ec2.start(id);
    await world.clock.advance(40);
    await world.introduce(id);
    await world.clock.advance(60);
    const report = await world.report(id);
    expect(report).toHaveProperty("vaultTokenAccessor");
    expect(report).not.toEqual(first);
    expect(world.nomadNode(id)).toMatchObject({ id: node, status: "ready" });
    expect(world.checks(id)).toEqual({ serfHealth: "passing" });
  });

  test("has no use for the introduction it has used", async () => {
    const { world, id, first } = await stopped();
    world.cluster.aws.ec2.start(id);
    await world.clock.advance(400);
    expect(await world.report(id)).toEqual(first);
    expect(world.console(id)).toContain("it has been introduced already");
    expect(world.nomadNode(id)?.status).toBe("ready");
  });
});

describe("machines that were there before", () => {
  test("have an agent of each kind, and are eligible", async () => {
    const world = new MachinesWorld();
    const [id = ""] = world.cluster.addGroup({ name: "older", instances: 1, image: {} });
    expect(world.cluster.nomad.node(world.cluster.nodeId(id))).toMatchObject({
      name: id,
      status: "ready",
      eligible: true,
    });
    await world.clock.advance(10);
    const entry = world.cluster.consul.nodes().find(({ name }) => name === id);
    expect(entry?.meta).toMatchObject({ instance_id: id, group: "older" });
  });
});
