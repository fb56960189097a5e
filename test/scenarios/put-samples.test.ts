import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { plusSeconds } from "../../local/clock.ts";
import type { HealOptions } from "../helpers/heal-world.ts";
import { SampleWorld } from "../helpers/sample-world.ts";
import { GROUP } from "../helpers/scenario.ts";

const DAY = 86_400;
const SPOT: HealOptions = { group: { template: { spot: true } } };
const REPLACING: HealOptions = {
  config: { groups: [{ name: GROUP, events: { rebalance: "replace" } }] },
};

/** A time as EventBridge's events have it. */
const stamp = (at: Date) => `${at.toISOString().slice(0, 19)}Z`;

describe("a sample that is put about an instance of which AWS says the same", () => {
  it("Spot warning: the node is empty in two minutes, and another comes", async () => {
    const world = await SampleWorld.start(SPOT);
    const { ec2 } = world.aws;
    ec2.interruptSpot(world.first);
    await world.put("spot-interruption.json");
    expect(await world.reason()).toBe("spot-interruption");
    expect(world.node()?.eligible).toBe(false);
    await world.until(() => world.running().length === 0, 100);
    expect(ec2.get(world.first).state).toBe("running");
    await world.expectReplaced();
  });

  it("rebalance recommendation: it is replaced, as the policy says", async () => {
    const world = await SampleWorld.start({ ...SPOT, ...REPLACING });
    await world.put("rebalance.json");
    expect(await world.reason()).toBe("rebalance");
    await world.expectReplaced();
    expect(world.witness.completions.map(({ hook }) => hook)).toContain("drover-terminate");
  });

  it("end of a capacity reservation: the node is empty by then", async () => {
    const world = await SampleWorld.start();
    const endsAt = plusSeconds(world.clock.now(), 600);
    world.aws.ec2.interruptCapacity(world.first, 600);
    await world.put("capacity-interruption.json", {
      set: { "detail.instance-termination-time": stamp(endsAt) },
    });
    expect(await world.reason()).toBe("capacity-interruption");
    expect((await world.record())?.deadlineAt).toEqual(endsAt);
    await world.until(() => world.running().length === 0, 500);
    await world.expectReplaced();
  });

  it("state change: no more work comes to a node that stops, and another takes its place", async () => {
    const world = await SampleWorld.start();
    world.aws.ec2.stop(world.first);
    await world.put("state-change.json");
    expect(await world.reason()).toBe("state-change");
    expect(world.node()?.eligible).toBe(false);
    await world.replaced(world.first, 900);
    expect(world.deadLetters()).toEqual([]);
  });

  it("scheduled change: it is replaced, days before", async () => {
    const world = await SampleWorld.start();
    const notBefore = plusSeconds(world.clock.now(), 10 * DAY);
    world.aws.ec2.schedule(world.first, { code: "instance-retirement", notBefore });
    await world.put("health.json");
    expect(await world.reason()).toBe("health");
    expect((await world.record())?.intents[0]?.deadlineAt).toEqual(notBefore);
    await world.expectReplaced();
  });

  it("status check alarm: it is diagnosed, and replaced when that has lasted", async () => {
    const world = await SampleWorld.start();
    world.aws.ec2.impair(world.first, "system");
    const begin = world.clock.now();
    await world.put("status-alarm.json");
    expect(await world.reason()).toBe("unhealthy");
    expect((await world.history()).join("\n")).toMatch(/ status checks +system impaired/);
    await world.expectReplaced();
    expect(world.since(begin)).toBeGreaterThan(600);
    expect(world.restarts()).toEqual([]);
  });

  it("command result: the node is looked at, and is well again", async () => {
    const heal = { pollSeconds: 300 };
    const world = await SampleWorld.start({ heal });
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.until(() => world.restarts()[0]?.status === "Success", 300);
    expect((await world.record())?.finished).toBeUndefined();
    await world.put("command-result.json", {
      set: { "detail.command-id": world.restarts()[0]?.commandId ?? "" },
    });
    expect((await world.record())?.finished?.outcome).toBe("recovered");
    expect(world.node()).toMatchObject({ status: "ready", eligible: true });
  });

  it("instance refresh: that it failed is told, and a sweep follows at once", async () => {
    const world = await SampleWorld.start();
    const { refreshes } = world.aws.autoScaling;
    world.aws.autoScaling.suspendProcesses(GROUP, ["InstanceRefresh"]);
    refreshes.start(GROUP);
    const { id } = refreshes.fail(GROUP);
    await world.clock.advance(1);
    const sweeps = world.sweeping.metric(METRICS.sweepSeconds);
    await world.put("instance-refresh.json", { set: { "detail.InstanceRefreshId": id } });
    expect(world.ports.findings).toMatchObject([
      {
        finding: "instance-refresh",
        group: GROUP,
        why: `instance refresh ${id} of group ${GROUP} failed`,
      },
    ]);
    expect(world.sweeping.metric(METRICS.refreshFailed)).toBe(1);
    expect(world.sweeping.metric(METRICS.sweepSeconds)).toBe(sweeps + 1);
    world.expectUntouched();
  });
});
