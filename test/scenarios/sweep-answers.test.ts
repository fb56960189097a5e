import { describe, expect, it } from "vitest";
import type { Hint } from "../../lambdas/contracts/hint.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import type { SweepPorts } from "../../lambdas/domain/sweep/ports.ts";
import { modelConsulSurvey } from "../../local/consul/port.ts";
import { HealWorld } from "../helpers/heal-world.ts";
import { Launches } from "../helpers/launches.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";
import { startSweeping } from "../helpers/sweeping.ts";

/** Longer than a leader has to lead, and an instance to be without a node. */
const LONG_SECONDS = 1_200;

/** What a source says that knows nothing, although all is there. */
const EMPTY: Record<string, (ports: SweepPorts) => Partial<SweepPorts>> = {
  "Auto Scaling knows no group": ({ groups }) => ({
    groups: { ...groups, groups: async () => [] },
  }),
  "a group has no instances": ({ groups }) => ({
    groups: {
      ...groups,
      groups: async (names) =>
        (await groups.groups(names)).map((group) => ({ ...group, members: [] })),
    },
  }),
  "EC2 knows no instance": ({ instances }) => ({
    instances: { ...instances, notRunning: async () => [], byId: async () => [] },
  }),
  "Nomad has no node": ({ nomad }) => ({
    nomad: { ...nomad, nodes: async () => [], hasNodeOn: async () => false },
  }),
  "Consul's catalog is empty": ({ consul }) => ({
    consul: consul && { ...consul, entries: async () => [] },
  }),
};

describe("an empty answer never means that everything is gone", () => {
  it.each(Object.entries(EMPTY))("%s", async (_, change) => {
    const world = new HealWorld({ instances: 3, heal: { enabled: false } });
    await world.startWork();
    world.stop(world.first, "nomad", "consul");
    const sweeping = startSweeping(world, (ports) => ({ ...ports, ...change(ports) }));
    await world.clock.advance(LONG_SECONDS);

    const { nomad, consul } = world.cluster;
    expect(nomad.state.nodes.size).toBe(3);
    expect(consul.nodes()).toHaveLength(3);
    expect(world.running(world.instances[1])).not.toEqual([]);
    // What is told is told of the one that is not well.
    const told = sweeping.sent.map(({ flow, body }) => ({ flow, body: body as Hint }));
    for (const { flow, body } of told) {
      expect([flow, body.nodeId]).toEqual(["heal-node", world.first]);
    }
  });

  it("is said: of groups that nobody knows, and of a Nomad without a node", async () => {
    const scenario = new Scenario();
    const sweeping = startSweeping(scenario, (ports) => ({
      ...ports,
      ...EMPTY["Auto Scaling knows no group"]?.(ports),
    }));
    await scenario.clock.advance(70);
    expect(sweeping.metric(METRICS.sweepBlind)).toBeGreaterThan(0);
    expect(sweeping.log.join()).toContain(`no group ${GROUP}: check groups[].name`);

    const other = new Scenario();
    const blind = startSweeping(other, (ports) => ({
      ...ports,
      ...EMPTY["Nomad has no node"]?.(ports),
    }));
    await other.clock.advance(70);
    expect(blind.metric(METRICS.sweepBlind)).toBeGreaterThan(0);
    expect(blind.log.join()).toContain("can't be the nodes");
  });

  it("nor does a list of which Consul leaves out what the token may not read", async () => {
    const scenario = new Launches({ group: { instances: 3 } });
    await scenario.startWork();
    const { consul } = scenario.cluster;
    const sweeping = startSweeping(scenario, (ports) => ({
      ...ports,
      consul: modelConsulSurvey(consul, consul.createToken({ nodePrefix: { none: "read" } })),
    }));
    await scenario.clock.advance(LONG_SECONDS);

    expect(sweeping.sent).toEqual([]);
    expect(sweeping.metric(METRICS.sweepBlind)).toBeGreaterThan(0);
  });

  it("one of two configured groups is not there: it is said, and the other is looked after", async () => {
    const scenario = new Scenario({
      config: { groups: [{ name: GROUP }, { name: "renamed" }] },
    });
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    scenario.cluster.aws.eventBridge.delivery = () => [];
    scenario.scaleIn();
    await scenario.clock.advance(70);

    expect(await scenario.record()).toMatchObject({ flow: "drain-client" });
    expect(sweeping.log.join()).toContain("no group renamed");
    expect(sweeping.metric(METRICS.sweepBlind)).toBe(0);
  });
});

describe("what is no drift", () => {
  it("an instance in standby or in the warm pool whose agent is down", async () => {
    const world = new HealWorld();
    await world.startWork();
    const [standby = "", warmed = ""] = world.instances;
    const states = new Map([
      [standby, "Standby"],
      [warmed, "Warmed:Stopped"],
    ]);
    const sweeping = startSweeping(world, (ports) => ({
      ...ports,
      groups: {
        ...ports.groups,
        async groups(names) {
          const groups = await ports.groups.groups(names);
          return groups.map((group) => ({
            ...group,
            members: group.members.map((member) => ({
              ...member,
              lifecycleState: states.get(member.instanceId) ?? member.lifecycleState,
            })),
          }));
        },
      },
    }));
    world.stop(standby, "nomad", "consul");
    world.stop(warmed, "nomad", "consul");
    await world.clock.advance(LONG_SECONDS);

    expect(sweeping.sent).toEqual([]);
  });

  it("an instance that was launched a moment ago and is not in Nomad yet", async () => {
    const instances = ["i-0c0c0c0c", "i-0d0d0d0d"];
    const scenario = new Scenario({ group: { instances, withoutNode: ["i-0c0c0c0c"] } });
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(500);
    scenario.cluster.nomad.addNode({ instanceId: "i-0c0c0c0c" });
    await scenario.clock.advance(900);

    expect(sweeping.sent).toEqual([]);
  });

  it("a node that is down and of another account or provider", async () => {
    const scenario = new Scenario();
    await scenario.startWork();
    const { nomad, aws } = scenario.cluster;
    const address = aws.ec2.get(scenario.first).privateIpAddress;
    const foreign = [
      nomad.addNode({ name: "printer", address, attributes: {} }),
      nomad.addNode({ name: "i-0e0e0e0e0e0e0e0e0", nodePool: "theirs" }),
    ];
    for (const { id } of foreign) nomad.stopAgent(id);
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(LONG_SECONDS);

    expect(foreign.map(({ id }) => nomad.node(id)?.status)).toEqual(["down", "down"]);
    expect(sweeping.sent).toEqual([]);
  });

  it("a foreign node that is down and has the address of an instance, by host names", async () => {
    const scenario = new Scenario({
      config: { nodeNames: "host-name" },
      group: { withoutNode: ["i-0c0c0c0c"], instances: ["i-0c0c0c0c", "i-0d0d0d0d"] },
    });
    const { nomad, aws } = scenario.cluster;
    const address = aws.ec2.get("i-0c0c0c0c").privateIpAddress;
    const printer = nomad.addNode({ name: "printer", address, attributes: {} });
    nomad.stopAgent(printer.id);
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(590);

    expect(sweeping.sent).toEqual([]);
  });

  it("what an agent left in Consul that was given another name", async () => {
    const world = new HealWorld();
    await world.startWork();
    const { consul } = world.cluster;
    const failed = { name: "former-name", address: "10.1.1.1", meta: { instance_id: world.first } };
    const sweeping = startSweeping(world, (ports) => ({
      ...ports,
      consul: ports.consul && {
        ...ports.consul,
        entries: async () => [
          ...((await ports.consul?.entries()) ?? []),
          { ...failed, hasAgent: true },
        ],
        failed: async () => new Set(["former-name"]),
      },
    }));
    expect(consul.nodes().map(({ name }) => name)).toContain(world.first);
    await world.clock.advance(LONG_SECONDS);

    expect(sweeping.sent).toEqual([]);
  });
});

describe("two sweeps at once", () => {
  it("are one: the second finds the first at work", async () => {
    const scenario = new Scenario();
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    scenario.cluster.aws.eventBridge.delivery = () => [];
    scenario.scaleIn();
    await scenario.clock.advance(50);
    const { clock } = scenario.cluster.aws;
    await sweeping.runs.begin("another", new Date(clock.now().getTime() + 40_000));
    await scenario.clock.advance(15);
    expect(sweeping.log.join()).toContain("another sweep runs");
    expect(sweeping.sent).toEqual([]);

    await scenario.clock.advance(60);
    expect(sweeping.sent).toHaveLength(1);
  });
});
