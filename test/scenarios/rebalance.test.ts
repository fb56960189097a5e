import { describe, expect, it } from "vitest";
import type { NodeAction } from "../../lambdas/contracts/config/node-policies.ts";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

async function recommended(rebalance: NodeAction, spot = true) {
  const scenario = new Scenario({
    group: { template: { spot } },
    config: { groups: [{ name: GROUP, events: { rebalance } }] },
  });
  await scenario.startWork();
  scenario.cluster.aws.ec2.recommendRebalance(scenario.first);
  return scenario;
}

describe("a rebalance recommendation, by the group's policy", () => {
  it("is ignored, and the history says so", async () => {
    const scenario = await recommended("ignore");
    expect(await scenario.finished()).toBe("ignored");
    expect(scenario.node()?.eligible).toBe(true);
    expect(scenario.running().length).toBeGreaterThan(0);
  });

  it("keeps new work away, and lets the rest run", async () => {
    const scenario = await recommended("cordon");
    expect(await scenario.finished()).toBe("cordoned");
    expect(scenario.node()).toMatchObject({ eligible: false, drain: null });
    expect(scenario.running().length).toBeGreaterThan(0);
    expect(scenario.lifecycleState()).toBe("InService");
  });

  it("empties the node, and lets the instance be", async () => {
    const scenario = await recommended("drain");
    expect(await scenario.finished()).toBe("drained");
    expect(scenario.running()).toEqual([]);
    expect(scenario.lifecycleState()).toBe("InService");
  });

  it("replaces the instance once its node is empty", async () => {
    const scenario = await recommended("replace");
    expect(await scenario.finished()).toBe("drained");
    expect(scenario.cluster.killed).toEqual([]);
    expect(scenario.node()).toBeUndefined();
    expect(scenario.witness.completions).toHaveLength(1);
    expect(scenario.cluster.aws.autoScaling.group(GROUP).members.size).toBe(3);
    expectQueuesEmpty(scenario);
  });

  it("is about Spot instances alone", async () => {
    const scenario = await recommended("replace", false);
    expect(await scenario.finished()).toBe("cancelled");
    expect(scenario.node()?.eligible).toBe(true);
  });
});
