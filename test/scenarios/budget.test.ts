import { describe, expect, it } from "vitest";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import { PortError } from "../../lambdas/domain/ports/errors.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import { Crash } from "../helpers/crash.ts";
import { HealWorld } from "../helpers/heal-world.ts";
import { Launches, WHOLE_CLUSTER } from "../helpers/launches.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

const HOUR = 3_600;
const MINUTE = 60;

describe("the budget of a pool", () => {
  it("counts nodes that Nomad does not list: four that are missing go one by one", async () => {
    const world = new HealWorld({
      restartHelps: false,
      instances: 20,
      budget: { pool: 1, zone: 1 },
    });
    const missing = world.instances.slice(0, 4);
    for (const id of missing) world.loseNode(id);
    for (const id of missing) world.hint(id);
    let mostHolders = 0;
    let fewestServing = 20;
    await world.until(() => {
      mostHolders = Math.max(mostHolders, world.ports.budget.holders("default").length);
      const inService = world.members().filter((id) => world.lifecycleState(id) === "InService");
      fewestServing = Math.min(fewestServing, inService.length);
      return !world.members().some((id) => missing.includes(id)) && world.serving().length === 20;
    }, 2 * HOUR);
    expect(mostHolders).toBe(1);
    expect(fewestServing).toBe(19);
  });

  it("counts a successor that does not serve yet beside a node that still drains", async () => {
    const scenario = new Launches({
      image: { bootSeconds: 600 },
      group: { instances: 10, template: { spot: true } },
      config: {
        ...WHOLE_CLUSTER,
        groups: [
          {
            name: GROUP,
            events: { rebalance: "replace" },
            budget: { pool: 2, zone: "100%" },
            drain: { timeoutSeconds: 3_000 },
          },
        ],
      },
    });
    await scenario.startWork();
    const { nomad, aws } = scenario.cluster;
    nomad.registerJob({ id: "slow", type: "batch", count: 9, runsSeconds: 4_000 });
    await scenario.clock.advance(5);
    const isBusy = (id: string) => scenario.running(id).some(({ job }) => job.id === "slow");
    const idle = scenario.instances.find((id) => !isBusy(id)) ?? "";
    const [slow = "", third = ""] = scenario.instances.filter(isBusy);
    aws.ec2.recommendRebalance(idle);
    await scenario.clock.advance(20);
    aws.ec2.recommendRebalance(slow);
    expect(await scenario.finished(idle)).toBe("drained");
    aws.ec2.recommendRebalance(third);
    await scenario.clock.advance(MINUTE);
    expect(scenario.members().map((id) => scenario.lifecycleState(id))).toContain("Pending:Wait");
    expect(scenario.node(slow)?.drain).not.toBeNull();
    expect(scenario.node(third)).toMatchObject({ drain: null });
    expect((await scenario.record(third))?.waiting).toMatchObject({
      why: "the budget of pool default is used up",
      detail: "2 of 9 are away, and 2 may be",
    });
    await scenario.until(() => scenario.node(third)?.drain !== null, HOUR);
    expect(scenario.members().map((id) => scenario.lifecycleState(id))).not.toContain(
      "Pending:Wait",
    );
  });

  it("has a successor count in the zone it comes to", async () => {
    const scenario = new Launches({
      image: { bootSeconds: 600 },
      group: { instances: 9, zones: ["a", "b", "c"], template: { spot: true } },
      config: {
        ...WHOLE_CLUSTER,
        groups: [
          { name: GROUP, events: { rebalance: "replace" }, budget: { pool: "100%", zone: 1 } },
        ],
      },
    });
    await scenario.startWork();
    const { ec2 } = scenario.cluster.aws;
    ec2.recommendRebalance(scenario.first);
    expect(await scenario.finished()).toBe("drained");
    const successor = scenario.members().find((id) => !scenario.instances.includes(id)) ?? "";
    const { zone } = ec2.get(successor);
    const others = scenario.instances.slice(1);
    const second = others.find((id) => ec2.get(id).zone === zone) ?? "";
    const elsewhere = others.find((id) => ec2.get(id).zone !== zone) ?? "";
    for (const id of [second, elsewhere]) ec2.recommendRebalance(id);
    expect(await scenario.finished(elsewhere, 300)).toBe("drained");
    expect((await scenario.record(second))?.waiting?.why).toBe(
      `the budget of zone ${zone} is used up`,
    );
    await scenario.until(() => scenario.node(second)?.drain !== null, HOUR);
    expect(scenario.lifecycleState(successor)).toBe("InService");
  });
});

it("a slot is left to others while something stands in the way, also by a pass that dies of it", async () => {
  let isDrainRefused = true;
  let deaths = 1;
  const scenario = new Scenario({
    group: { instances: 6, template: { spot: true } },
    config: { groups: [{ name: GROUP, events: { rebalance: "drain" }, budget: { pool: 1 } }] },
    ports: (ports) => ({
      ...ports,
      nomad: {
        ...ports.nomad,
        drain: async (...args) => {
          if (isDrainRefused) throw new PortError("nomad", "unavailable", "no answer");
          return ports.nomad.drain(...args);
        },
      },
      budget: {
        take: (...args) => ports.budget.take(...args),
        release: async (...args) => {
          await ports.budget.release(...args);
          if (deaths-- > 0) throw new Crash();
        },
      },
    }),
  });
  await scenario.startWork();
  const { autoScaling, ec2 } = scenario.cluster.aws;
  const [first = "", second = ""] = scenario.instances;
  const holders = () => scenario.ports.budget.holders("default").map(({ nodeId }) => nodeId);
  ec2.recommendRebalance(first);
  await scenario.until(() => holders().includes(NodeId.parse(first)), MINUTE);
  autoScaling.protectInstances(GROUP, [first]);
  isDrainRefused = false;
  // That a pass has died shows when its message is visible again.
  await scenario.until(() => holders().length === 0, 10 * MINUTE);
  expect(scenario.node(first)).toMatchObject({ drain: null });
  ec2.recommendRebalance(second);
  await scenario.until(() => scenario.node(second)?.drain !== null, MINUTE);
  expect(holders()).toEqual([second]);
  autoScaling.protectInstances(GROUP, [first], false);
  expect(await scenario.finished(second)).toBe("drained");
  // By its policy the drained one stays, and stays away: there is no slot for another.
  expect(await scenario.finished(first)).toBe("held-off");
});

it("a node that was handed over with its slot leaves it while something stands in the way", async () => {
  const world = new HealWorld({ restartHelps: false, budget: { pool: 1 } });
  await world.kill(world.first, "nomad");
  world.hint(world.first);
  const { autoScaling } = world.cluster.aws;
  await world.until(() => world.outcomes("heal-node").length > 0, HOUR);
  expect(world.ports.budget.holders("default")).toHaveLength(1);
  autoScaling.protectInstances(GROUP, [world.first]);
  await world.clock.advance(MINUTE);
  expect((await world.record())?.waiting?.why).toContain("protected from scale-in");
  expect(world.ports.budget.holders("default")).toEqual([]);
  autoScaling.protectInstances(GROUP, [world.first], false);
  await world.replaced();
  expect(await world.finished()).toBe("drained");
  expect(world.ports.budget.holders("default")).toEqual([]);
});

describe("many that wait for a slot", () => {
  let listed = 0;

  function counted(ports: Ports): Ports {
    const { nomad } = ports;
    const pool: typeof nomad.pool = (...args) => {
      listed++;
      return nomad.pool(...args);
    };
    return { ...ports, nomad: { ...nomad, pool } };
  }

  it("are refused by what was seen a moment ago", async () => {
    const scenario = new Scenario({
      group: { instances: 30, template: { spot: true } },
      config: {
        groups: [
          {
            name: GROUP,
            events: { rebalance: "replace" },
            drain: { timeoutSeconds: 3_000 },
            budget: { pool: "10%" },
          },
        ],
      },
      ports: counted,
    });
    scenario.cluster.nomad.registerJob({
      id: "slow",
      type: "batch",
      count: 30,
      runsSeconds: 4_000,
    });
    await scenario.startWork();
    for (const id of scenario.instances.slice(0, 20)) {
      scenario.cluster.aws.ec2.recommendRebalance(id);
    }
    await scenario.clock.advance(2 * MINUTE);
    expect(scenario.instances.filter((id) => scenario.node(id)?.drain)).toHaveLength(3);
    listed = 0;
    await scenario.clock.advance(MINUTE);
    expect(listed).toBe(0);
  });
});
