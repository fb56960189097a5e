import { describe, expect, it } from "vitest";
import type { ConfigInput } from "../../lambdas/contracts/config.ts";
import { plusSeconds } from "../../local/clock.ts";
import { Launches } from "../helpers/launches.ts";
import { GROUP } from "../helpers/scenario.ts";
import { startSweeping } from "../helpers/sweeping.ts";

const DAY = 86_400;
type EventsInput = ConfigInput["groups"][number]["events"];

async function running(events: EventsInput) {
  const scenario = new Launches({
    group: { instances: 2, template: { spot: true } },
    config: { groups: [{ name: GROUP, events }] },
  });
  await scenario.startWork();
  startSweeping(scenario);
  await scenario.clock.advance(60);
  const former = scenario.cluster.nodeId(scenario.first);
  const renewed = async () => {
    await scenario.until(() => scenario.cluster.nomad.node(former) === undefined, 900);
    const nodes = () => [...scenario.cluster.nomad.state.nodes.values()];
    const isBack = () => nodes().some(({ name, eligible }) => name === scenario.first && eligible);
    await scenario.until(isBack, 900);
    expect(scenario.lifecycleState()).toBe("InService");
  };
  return { scenario, renewed };
}

describe("an instance that gets a new root volume joins again", () => {
  it("while a recommendation is heard of that is ignored", async () => {
    const { scenario, renewed } = await running({ rebalance: "ignore" });
    scenario.cluster.aws.autoScaling.replaceRootVolume(scenario.first);
    await scenario.clock.advance(6);
    scenario.cluster.aws.ec2.recommendRebalance(scenario.first);
    await renewed();
    await scenario.clock.advance(3_600);
    expect(await scenario.finished()).toBe("joined");
  });

  it("and is replaced then, if that was recommended meanwhile", async () => {
    const { scenario, renewed } = await running({ rebalance: "replace" });
    scenario.cluster.aws.autoScaling.replaceRootVolume(scenario.first);
    await scenario.clock.advance(6);
    scenario.cluster.aws.ec2.recommendRebalance(scenario.first);
    await renewed();
    await scenario.until(() => !scenario.members().includes(scenario.first), 3_600);
    expect(scenario.cluster.killed).toEqual([]);
  });

  it("while a scheduled change waits for its window, and is replaced in that", async () => {
    // The scenario begins on a Thursday, at midnight.
    const windows = [{ days: ["thu" as const], from: "03:00", to: "05:00" }];
    const { scenario, renewed } = await running({ health: { windows } });
    const notBefore = plusSeconds(scenario.clock.now(), 10 * DAY);
    scenario.cluster.aws.ec2.schedule(scenario.first, { code: "system-reboot", notBefore });
    await scenario.clock.advance(600);
    scenario.cluster.aws.autoScaling.replaceRootVolume(scenario.first);
    await renewed();
    await scenario.until(() => !scenario.members().includes(scenario.first), DAY);
    expect(scenario.clock.now().toISOString()).toMatch(/^2026-01-01T03:/);
    expect(scenario.cluster.killed).toEqual([]);
  });
});
