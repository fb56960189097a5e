import { describe, expect, it } from "vitest";
import { plusSeconds } from "../../local/clock.ts";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { Launches } from "../helpers/launches.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

const withoutHooks = { group: { hooks: [] } };

describe("an instance that somebody ends by hand", () => {
  it("is cleaned up after, though no hook ever told of it", async () => {
    const scenario = new Scenario(withoutHooks);
    await scenario.startWork();
    scenario.cluster.aws.ec2.terminate(scenario.first);
    await scenario.finished();
    await scenario.clock.advance(300);
    expect(scenario.node()).toBeUndefined();
    expect(scenario.cluster.nomad.state.nodes.size).toBe(2);
    expectQueuesEmpty(scenario);
  });

  it("gives up what ran on it as soon as it begins to stop", async () => {
    const scenario = new Scenario(withoutHooks);
    await scenario.startWork();
    scenario.cluster.aws.ec2.stop(scenario.first);
    await scenario.clock.advance(5);
    expect(scenario.node()).toMatchObject({ eligible: false });
  });
});

it("drains an instance whose capacity reservation ends, in time", async () => {
  const scenario = new Scenario(withoutHooks);
  await scenario.startWork();
  const endsAt = plusSeconds(scenario.clock.now(), 600);
  scenario.cluster.aws.ec2.interruptCapacity(scenario.first, 600);
  await scenario.until(() => scenario.running().length === 0, 500);
  expect((await scenario.record())?.deadlineAt).toEqual(endsAt);
  expect(await scenario.finished()).toBe("drained");
  expect(scenario.cluster.killed).toEqual([]);
});

describe("a root volume that is replaced", () => {
  it("has the former node drained and purged, and the instance joins as a new one", async () => {
    const scenario = new Launches({ group: { instances: 2 } });
    await scenario.startWork();
    const former = scenario.cluster.nodeId(scenario.first);
    scenario.cluster.aws.autoScaling.replaceRootVolume(scenario.first);
    await scenario.until(async () => {
      const record = await scenario.record();
      return record?.flow === "join-client" && record.finished !== undefined;
    }, 3_600);

    expect(scenario.cluster.killed).toEqual([]);
    expect((await scenario.record())?.finished?.outcome).toBe("joined");
    expect(scenario.cluster.nomad.node(former)).toBeUndefined();
    const renewed = scenario.cluster.nodeId(scenario.first);
    expect(renewed).not.toBe(former);
    expect(scenario.cluster.nomad.node(renewed)).toMatchObject({ status: "ready", eligible: true });
    expect(scenario.lifecycleState()).toBe("InService");
    expectQueuesEmpty(scenario);
  });
});

describe("an instance that its group retains", () => {
  const retaining = (retained: "report" | "terminate") =>
    new Scenario({
      config: { groups: [{ name: GROUP, events: { retained } }] },
      group: { retainOnAbandon: true },
    });

  it("is drained all the same and told of", async () => {
    const scenario = retaining("report");
    await scenario.startWork();
    scenario.cluster.aws.eventBridge.delivery = () => [900];
    scenario.scaleIn();
    // Nobody heard of the hook, and it ended by itself.
    await scenario.until(() => scenario.lifecycleState() === "Terminating:Retained");
    expect(await scenario.finished()).toBe("reported");
    expect(scenario.running()).toEqual([]);
    expect(scenario.lifecycleState()).toBe("Terminating:Retained");
  });

  it("is ended once it is empty, by policy", async () => {
    const scenario = retaining("terminate");
    await scenario.startWork();
    scenario.cluster.aws.eventBridge.delivery = () => [900];
    scenario.scaleIn();
    expect(await scenario.finished(undefined, 3_600)).toBe("drained");
    expect(scenario.cluster.killed).toEqual([]);
    expect(scenario.lifecycleState()).toBeUndefined();
    expect(scenario.node()).toBeUndefined();
  });
});
