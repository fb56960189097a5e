import { describe, expect, it } from "vitest";
import { NODE_DETAIL_TYPES, NODE_SOURCE } from "../../lambdas/contracts/names.ts";
import { WHOLE_CLUSTER } from "../helpers/launches.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

const EDGE = {
  nodeId: "edge-frankfurt-1",
  address: "192.0.2.17",
  provider: "datacenter-frankfurt",
  zone: "fra-2",
  check: { tcp: "192.0.2.17:22" },
};
const services = [
  { name: "ssh", port: 22 },
  { name: "backup", port: 9000, providers: ["azure"] },
];

class Announcements extends Scenario {
  constructor() {
    super({ config: { ...WHOLE_CLUSTER, externalNodes: { services }, groups: [{ name: GROUP }] } });
  }

  /** Puts an event on Drover's bus, as if it had happened some seconds ago. */
  put(detailType: string, detail: object, secondsAgo = 0): void {
    const time = new Date(this.clock.now().getTime() - secondsAgo * 1_000);
    const entry = { source: NODE_SOURCE, detailType, detail: JSON.stringify(detail), time };
    this.cluster.aws.eventBridge.putEvents([{ ...entry, bus: "drover" }]);
  }

  announce(detail: object = EDGE, secondsAgo = 0): void {
    this.put(NODE_DETAIL_TYPES.announced, detail, secondsAgo);
  }

  withdraw(nodeId = EDGE.nodeId, secondsAgo = 0): void {
    this.put(NODE_DETAIL_TYPES.withdrawn, { nodeId }, secondsAgo);
  }

  entry(name = EDGE.nodeId) {
    return this.cluster.consul.nodes().find((node) => node.name === name);
  }
}

describe("a node outside Auto Scaling", () => {
  it("is in Consul's catalog with what was announced, and a check for consul-esm", async () => {
    const scenario = new Announcements();
    scenario.announce();
    expect(await scenario.finished(EDGE.nodeId)).toBe("registered");
    const entry = scenario.entry();
    expect(entry).toMatchObject({
      address: EDGE.address,
      meta: {
        "external-node": "true",
        "external-probe": "true",
        instance_id: EDGE.nodeId,
        provider: EDGE.provider,
        zone: "fra-2",
        life_cycle: "hybrid",
      },
    });
    expect([...(entry?.services.values() ?? [])].map(({ name }) => name)).toEqual(["ssh"]);
    expect(entry?.checks.has("serfHealth")).toBe(false);
    expect([...(entry?.checks.values() ?? [])]).toHaveLength(1);
  });

  it("is described anew by a later announcement, and as before by the same one", async () => {
    const scenario = new Announcements();
    scenario.announce();
    await scenario.finished(EDGE.nodeId);
    scenario.announce({ ...EDGE, address: "192.0.2.99" });
    await scenario.until(() => scenario.entry()?.address === "192.0.2.99");
    scenario.announce({ ...EDGE, address: "192.0.2.99" });
    expect(await scenario.finished(EDGE.nodeId)).toBe("registered");
    expect(scenario.cluster.consul.nodes()).toHaveLength(1);
  });

  it("stands in the catalog once when it is announced under another name", async () => {
    const scenario = new Announcements();
    scenario.announce();
    await scenario.finished(EDGE.nodeId);
    scenario.announce({ ...EDGE, name: "frankfurt-7" });
    await scenario.until(() => scenario.entry("frankfurt-7") !== undefined);
    await scenario.finished(EDGE.nodeId);
    expect(scenario.cluster.consul.nodes().map(({ name }) => name)).toEqual(["frankfurt-7"]);
    scenario.withdraw();
    await scenario.until(() => scenario.cluster.consul.nodes().length === 0);
  });

  it("is gone from the catalog when it is withdrawn", async () => {
    const scenario = new Announcements();
    scenario.announce();
    await scenario.finished(EDGE.nodeId);
    scenario.withdraw();
    await scenario.until(() => scenario.entry() === undefined);
    expect(await scenario.finished(EDGE.nodeId)).toBe("deregistered");
  });

  it("stays away when the announcement arrives after the withdrawal", async () => {
    const scenario = new Announcements();
    scenario.withdraw();
    await scenario.finished(EDGE.nodeId);
    scenario.announce(EDGE, 60);
    await scenario.clock.advance(120);
    expect(scenario.entry()).toBeUndefined();
  });

  it("is registered when Consul is back", async () => {
    const scenario = new Announcements();
    scenario.cluster.consul.faults.set("away");
    scenario.announce();
    await scenario.clock.advance(120);
    scenario.cluster.consul.faults.clear();
    expect(await scenario.finished(EDGE.nodeId)).toBe("registered");
  });

  it("survives what sweeps stale nodes out of Consul", async () => {
    const scenario = new Announcements();
    scenario.announce();
    await scenario.finished(EDGE.nodeId);
    const { consul } = scenario.cluster;
    consul.startAgent({ name: "dead", token: consul.managementToken });
    await scenario.clock.advance(30);
    consul.stopAgent("dead");
    await scenario.clock.advance(73 * 3_600);
    expect(scenario.entry("dead")).toBeUndefined();
    expect(scenario.entry()).toMatchObject({ address: EDGE.address });
  });

  it("that has an agent of its own is not registered over it", async () => {
    const scenario = new Announcements();
    const { consul } = scenario.cluster;
    consul.startAgent({ name: EDGE.nodeId, address: "10.9.9.9", token: consul.managementToken });
    await scenario.clock.advance(30);
    scenario.announce();
    expect(await scenario.finished(EDGE.nodeId)).toBe("registered");
    expect(scenario.entry()).toMatchObject({ address: "10.9.9.9" });
    expect((await scenario.record(EDGE.nodeId))?.finished?.why).toContain(
      "it has a Consul agent of its own, which says its address is 10.9.9.9 and not 192.0.2.17",
    );
    scenario.withdraw();
    await scenario.clock.advance(60);
    expect(scenario.entry()?.checks.get("serfHealth")?.status).toBe("passing");
    consul.stopAgent(EDGE.nodeId);
    expect(await scenario.finished(EDGE.nodeId, 3_600)).toBe("deregistered");
    expect(scenario.entry()).toBeUndefined();
  });

  it("of SSM is not taken out while its SSM agent is online", async () => {
    const scenario = new Announcements();
    const { managedNodes } = scenario.cluster.aws;
    const nodeId = managedNodes.activate({ name: "rack-7" });
    managedNodes.startAgent(nodeId);
    scenario.announce({ ...EDGE, nodeId });
    await scenario.finished(nodeId);
    scenario.withdraw(nodeId);
    await scenario.clock.advance(120);
    expect(scenario.entry(nodeId)).toMatchObject({ address: EDGE.address });
    managedNodes.stopAgent(nodeId);
    expect(await scenario.finished(nodeId, 3_600)).toBe("deregistered");
  });
});

it("never touches what was not announced: no instance, no agent, no other node", async () => {
  const scenario = new Announcements();
  const { consul } = scenario.cluster;
  const meta = { instance_id: scenario.first };
  for (const name of ["server-1", scenario.first]) {
    consul.startAgent({ name, meta, token: consul.managementToken });
  }
  await scenario.clock.advance(30);
  consul.stopAgent("server-1");
  await scenario.clock.advance(30);
  scenario.withdraw("server-1");
  expect(await scenario.finished("server-1")).toBe("deregistered");
  expect(scenario.entry("server-1")).toMatchObject({ name: "server-1" });

  scenario.announce({ ...EDGE, name: scenario.first });
  await scenario.clock.advance(600);
  expect(scenario.entry(scenario.first)).toMatchObject({ meta });
  expect(scenario.queuesOf.get("register-node")?.deadLetters.bodies()).toHaveLength(1);
});

it("puts an announcement that is wrong into the dead-letter queue, and handles the next one", async () => {
  const scenario = new Announcements();
  scenario.announce({ ...EDGE, address: undefined, check: { tcp: "no port" } });
  scenario.announce();
  expect(await scenario.finished(EDGE.nodeId)).toBe("registered");
  await scenario.clock.advance(1_000);
  expect(scenario.queuesOf.get("register-node")?.deadLetters.bodies()).toHaveLength(1);
});
