import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { expectDrained, expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { Launches, TERMINATE_HOOK } from "../helpers/launches.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";
import { startSweeping } from "../helpers/sweeping.ts";

function loseEvents({ cluster }: Scenario): void {
  cluster.aws.eventBridge.delivery = () => [];
}

describe("an instance at a hook whose event got lost", () => {
  it("is drained and let go as if the event had been heard", async () => {
    const scenario = new Scenario();
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    loseEvents(scenario);
    scenario.scaleIn();
    const leftAt = scenario.clock.now().getTime();
    await scenario.until(async () => (await scenario.record()) !== undefined);

    expect(scenario.clock.now().getTime() - leftAt).toBeLessThanOrEqual(62_000);
    await scenario.finished();
    await expectDrained(scenario);
    expectQueuesEmpty(scenario);
    expect(sweeping.metric(METRICS.found)).toBe(1);
  });

  it("has each of two hooks completed when only one of them was heard of", async () => {
    const hooks = [TERMINATE_HOOK, { ...TERMINATE_HOOK, name: "another-hook" }];
    const scenario = new Scenario({ group: { hooks } });
    await scenario.startWork();
    startSweeping(scenario);
    scenario.cluster.aws.eventBridge.delivery = ({ detail }) =>
      JSON.stringify(detail).includes("another-hook") ? [] : [0];
    scenario.scaleIn();

    await scenario.finished();
    await expectDrained(scenario, scenario.first, ["another-hook", "drover-terminate"]);
    expectQueuesEmpty(scenario);
  });

  it("leaves the hook of another tool alone", async () => {
    const hooks = [TERMINATE_HOOK, { ...TERMINATE_HOOK, name: "another-tool" }];
    const scenario = new Scenario({
      group: { hooks },
      config: { groups: [{ name: GROUP, terminateHooks: ["drover-terminate"] }] },
    });
    await scenario.startWork();
    startSweeping(scenario);
    loseEvents(scenario);
    scenario.scaleIn();

    await scenario.until(() => scenario.letGoAt() !== undefined);
    expect(scenario.witness.completions.map(({ hook }) => hook)).toEqual(["drover-terminate"]);
    expect(scenario.cluster.killed).toEqual([]);
  });

  it("joins", async () => {
    const scenario = new Launches();
    startSweeping(scenario);
    loseEvents(scenario);
    const id = scenario.launchOne();

    expect(await scenario.finished(id)).toBe("joined");
    await scenario.clock.advance(5);
    expect(scenario.lifecycleState(id)).toBe("InService");
    expect(scenario.node(id)?.eligible).toBe(true);
  });

  it("has its old node purged and joins again when only its root volume is replaced", async () => {
    const scenario = new Launches();
    startSweeping(scenario);
    loseEvents(scenario);
    const before = scenario.node()?.id;
    scenario.cluster.aws.autoScaling.replaceRootVolume(scenario.first);
    await scenario.until(async () => (await scenario.record())?.finished?.outcome === "joined");

    expect(scenario.lifecycleState()).toBe("InService");
    expect(before && scenario.cluster.nomad.node(before)).toBeUndefined();
  });

  it("is told once, however long it waits", async () => {
    const scenario = new Scenario({ drain: { timeoutSeconds: 1_200 } });
    scenario.cluster.nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 700 });
    await scenario.clock.advance(30);
    const sweeping = startSweeping(scenario);
    loseEvents(scenario);
    scenario.scaleIn();
    await scenario.clock.advance(600);

    expect(scenario.lifecycleState()).toBe("Terminating:Wait");
    expect(sweeping.sent).toHaveLength(1);
    await scenario.finished();
    await expectDrained(scenario);
  });

  it("is not told of when its event was heard", async () => {
    const scenario = new Scenario();
    scenario.cluster.nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 200 });
    await scenario.clock.advance(30);
    const sweeping = startSweeping(scenario);
    scenario.scaleIn();
    await scenario.finished();

    await expectDrained(scenario);
    expect(sweeping.sent).toEqual([]);
  });

  it("may go back into a pool that takes instances back: then it is left to its event", async () => {
    const scenario = new Scenario();
    const { autoScaling } = scenario.cluster.aws;
    autoScaling.putWarmPool(GROUP, { reuseOnScaleIn: true, maxPreparedCapacity: 3 });
    const sweeping = startSweeping(scenario);
    loseEvents(scenario);
    autoScaling.moveToWarmPool(scenario.first);
    await scenario.clock.advance(120);

    expect(scenario.lifecycleState()).toBe("Terminating:Wait");
    expect(sweeping.sent).toEqual([]);
    expect(scenario.ports.nodes.all()).toEqual([]);
  });
});
