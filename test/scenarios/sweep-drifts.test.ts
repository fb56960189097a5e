import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { HealWorld } from "../helpers/heal-world.ts";
import { Launches } from "../helpers/launches.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";
import { startSweeping } from "../helpers/sweeping.ts";

/** Longer than a leader has to lead before what is missing counts. */
const SETTLED_SECONDS = 480;

function loseEvents({ cluster }: Scenario): void {
  cluster.aws.eventBridge.delivery = () => [];
}

describe("an instance that is gone", () => {
  it("has its node purged from Nomad after a second look", async () => {
    const scenario = new Scenario({ group: { hooks: [] } });
    await scenario.startWork();
    startSweeping(scenario);
    await scenario.clock.advance(SETTLED_SECONDS);
    loseEvents(scenario);
    scenario.scaleIn();
    await scenario.until(() => scenario.node() === undefined, 300);

    expect(await scenario.finished()).toBe("instance-gone");
    expect(await scenario.history()).toContainEqual(expect.stringContaining("second look"));
    expectQueuesEmpty(scenario);
  });

  it("is found, too, when EC2 has forgotten it and only Consul knows its group", async () => {
    const scenario = new Launches({ hooks: [] });
    const id = scenario.first;
    await scenario.startWork();
    const { consul, aws } = scenario.cluster;
    consul.stopAgent(id);
    consul.catalog.register({
      name: `of-${id}`,
      address: "10.9.9.9",
      meta: { instance_id: id, group: GROUP },
    });
    loseEvents(scenario);
    scenario.scaleIn(id);
    await scenario.clock.advance(2 * 3_600);
    expect(aws.ec2.find(id)).toBeUndefined();
    startSweeping(scenario);
    await scenario.until(() => !scenario.traces(id).includes("a Nomad node"), 900);

    expect(await scenario.finished(id)).toBe("instance-gone");
  });

  it("is only told of when EC2 has forgotten it: it may have been another account's", async () => {
    const scenario = new Scenario();
    const { nomad } = scenario.cluster;
    const instanceId = "i-0e0e0e0e0e0e0e0e0";
    const sameZone = { "platform.aws.placement.availability-zone": "eu-central-1a" };
    const node = nomad.addNode({ instanceId, name: instanceId, attributes: sameZone });
    await scenario.clock.advance(30);
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(SETTLED_SECONDS);
    nomad.stopAgent(node.id);
    await scenario.clock.advance(600);

    expect(nomad.node(node.id)?.status).toBe("down");
    expect(sweeping.sent).toEqual([]);
    expect(await scenario.record(instanceId)).toBeUndefined();
    expect(sweeping.log).toContainEqual(expect.stringContaining(instanceId));
  });

  it("is no affair of Drover's when its node is of another region's cluster", async () => {
    const scenario = new Scenario();
    const { nomad } = scenario.cluster;
    const elsewhere = { "platform.aws.placement.availability-zone": "us-east-1a" };
    const node = nomad.addNode({ instanceId: "i-0a0a0a0a0a0a0a0a0", attributes: elsewhere });
    nomad.stopAgent(node.id);
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(SETTLED_SECONDS);

    expect(nomad.node(node.id)?.status).toBe("down");
    expect(sweeping.sent).toEqual([]);
  });

  it("is taken out of Consul's catalog", async () => {
    const scenario = new Launches({ hooks: [] });
    const id = scenario.first;
    await scenario.startWork();
    startSweeping(scenario);
    await scenario.clock.advance(SETTLED_SECONDS);
    loseEvents(scenario);
    scenario.cluster.consul.stopAgent(id);
    scenario.scaleIn(id);
    await scenario.until(() => !scenario.traces(id).includes("a Consul node"), 600);

    await scenario.finished(id);
    expect(scenario.traces(id)).toEqual([]);
  });

  it("is left in Consul's catalog when somebody has announced it from elsewhere", async () => {
    const scenario = new Launches();
    const { consul } = scenario.cluster;
    const external = { "external-node": "true", instance_id: "i-0b0b0b0b0b0b0b0b0" };
    consul.catalog.register({ name: "printer", address: "10.9.9.9", meta: external });
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(SETTLED_SECONDS);

    expect(consul.nodes().map(({ name }) => name)).toContain("printer");
    expect(sweeping.sent).toEqual([]);
  });
});

describe("an instance that serves and is not well", () => {
  it("goes to heal-node when Nomad calls its node down", async () => {
    const world = new HealWorld();
    await world.startWork();
    const sweeping = startSweeping(world);
    await world.clock.advance(SETTLED_SECONDS);
    world.stop(world.first, "nomad");
    await world.until(async () => (await world.record()) !== undefined, 120);

    expect(await world.record()).toMatchObject({ flow: "heal-node" });
    expect(await world.finished()).toBe("recovered");
    await world.clock.advance(300);
    expect(sweeping.sent).toHaveLength(1);
  });

  it("goes to heal-node when its Consul agent has failed", async () => {
    const world = new HealWorld();
    await world.startWork();
    startSweeping(world);
    await world.clock.advance(SETTLED_SECONDS);
    world.stop(world.first, "consul");
    await world.until(async () => (await world.record()) !== undefined, 120);

    expect(await world.record()).toMatchObject({
      flow: "heal-node",
      intents: [{ found: expect.stringContaining("Consul") }],
    });
  });

  it("goes to heal-node when Nomad has had no node of it for ten minutes", async () => {
    const scenario = new Scenario({
      group: { instances: ["i-0c0c0c0c", "i-0d0d0d0d"], withoutNode: ["i-0c0c0c0c"] },
    });
    startSweeping(scenario);
    await scenario.clock.advance(600);
    expect(await scenario.record()).toBeUndefined();
    await scenario.clock.advance(120);

    expect(await scenario.record()).toMatchObject({ flow: "heal-node" });
    expect(await scenario.record("i-0d0d0d0d")).toBeUndefined();
  });

  it("is known by another field of its node than its name", async () => {
    const client = ({ id }: { id: string }) => ({
      name: `client-${id}`,
      meta: { instance_id: id },
    });
    const scenario = new Scenario({ group: { client } });
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(1_500);

    expect(sweeping.sent).toEqual([]);
  });

  it("is found by its host's name where agents join under that", async () => {
    const world = new Scenario({
      config: { nodeNames: "host-name" },
      group: { client: ({ privateDnsName }) => ({ name: privateDnsName.split(".")[0] ?? "" }) },
    });
    const sweeping = startSweeping(world);
    await world.clock.advance(SETTLED_SECONDS);
    world.cluster.nomad.stopAgent(world.cluster.nodeId(world.first));
    await world.until(async () => (await world.record()) !== undefined, 120);

    expect(sweeping.sent).toHaveLength(1);
    expect(await world.record()).toMatchObject({ flow: "heal-node" });
  });
});

describe("work that nobody has ended", () => {
  it("an instance that is retained is reported once", async () => {
    const scenario = new Scenario({ group: { retainOnAbandon: true } });
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    loseEvents(scenario);
    const { autoScaling } = scenario.cluster.aws;
    scenario.scaleIn();
    await scenario.clock.advance(5);
    autoScaling.complete(
      { group: GROUP, hook: "drover-terminate", instanceId: scenario.first, token: undefined },
      "ABANDON",
    );
    await scenario.clock.advance(5);
    expect(scenario.lifecycleState()).toBe("Terminating:Retained");
    await scenario.clock.advance(600);

    expect((await scenario.record())?.finished?.outcome).toBe("reported");
    expect(scenario.metric(METRICS.retained)).toBe(1);
    expect(sweeping.sent).toHaveLength(1);
  });

  it("a drained node whose instance serves still is reported once", async () => {
    const scenario = new Scenario({
      config: { groups: [{ name: GROUP, events: { rebalance: "drain" } }] },
      group: { template: { spot: true } },
    });
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    scenario.cluster.aws.ec2.recommendRebalance(scenario.first);
    expect(await scenario.finished()).toBe("drained");
    await scenario.clock.advance(600);

    expect((await scenario.record())?.finished?.outcome).toBe("reported");
    expect(scenario.metric(METRICS.leftOver)).toBe(1);
    expect(sweeping.sent).toHaveLength(1);
  });

  it("a node that an operator has cordoned long after Drover's drain is the operator's", async () => {
    const scenario = new Scenario({
      config: { groups: [{ name: GROUP, events: { rebalance: "drain", leftOver: "replace" } }] },
      group: { template: { spot: true } },
    });
    await scenario.startWork();
    scenario.cluster.aws.ec2.recommendRebalance(scenario.first);
    expect(await scenario.finished()).toBe("drained");
    const { writes } = scenario.cluster.nomad;
    const setEligibility = (eligible: boolean) => {
      const node = scenario.node();
      if (node) writes.setEligibility(node, eligible);
    };
    setEligibility(true);
    await scenario.clock.advance(24 * 3_600);
    setEligibility(false);
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(3_600);

    expect(scenario.lifecycleState()).toBe("InService");
    expect(scenario.node()?.eligible).toBe(false);
    expect(sweeping.sent).toEqual([]);
  });

  it("a server that counts in raft and has no instance is told of once", async () => {
    const scenario = new Scenario();
    const { ec2 } = scenario.cluster.aws;
    const machines = [ec2.run(), ec2.run(), ec2.run()];
    const servers = machines.map(({ privateIpAddress }, n) => ({
      name: `server-${n}.global`,
      address: `${privateIpAddress}:4647`,
      healthy: true,
      voter: true,
      leader: n === 0,
      term: 2,
    }));
    const sweeping = startSweeping(scenario, (ports) => ({
      ...ports,
      nomad: { ...ports.nomad, servers: async () => servers },
    }));
    await scenario.clock.advance(120);
    ec2.terminate(machines[2]?.id ?? "");
    await scenario.clock.advance(70);
    // Autopilot may be about to take it out.
    expect(scenario.ports.findings).toEqual([]);
    await scenario.clock.advance(300);

    expect(scenario.ports.findings).toMatchObject([
      { finding: "raft-voter-without-instance", why: expect.stringContaining("server-2") },
    ]);
    expect(sweeping.metric(METRICS.voterWithoutInstance)).toBeGreaterThan(1);
  });

  it("servers that are in no instance of this account are elsewhere", async () => {
    const scenario = new Scenario();
    startSweeping(scenario);
    await scenario.clock.advance(600);
    expect(scenario.ports.findings).toEqual([]);
  });
});
