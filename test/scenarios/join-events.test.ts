import { describe, expect, it } from "vitest";
import { terminateEvent } from "../helpers/events.ts";
import { Launches } from "../helpers/launches.ts";

const isLaunch = (body: string) => body.includes("EC2_INSTANCE_LAUNCHING");

/** A scenario that keeps the launch events. */
function recorded(options?: ConstructorParameters<typeof Launches>[0]) {
  const scenario = new Launches(options);
  const events: string[] = [];
  scenario.cluster.aws.eventBridge.onEvent((event) => {
    const body = JSON.stringify(event);
    if (isLaunch(body)) events.push(body);
  });
  const deliver = (body: string) => scenario.queuesOf.get("join-client")?.queue.send(body);
  return { scenario, events, deliver };
}

describe("a launch event", () => {
  it("that comes twice finds the credentials it has made before, and keeps them", async () => {
    const { scenario, events, deliver } = recorded({ image: { bootSeconds: 120 } });
    const id = scenario.launchOne();
    await scenario.until(() => scenario.traces(id).includes("a secret id"));
    const before = scenario.cluster.vault.ofNode(id).secretIds;
    deliver(events[0] ?? "");
    await scenario.clock.advance(30);
    expect(scenario.cluster.vault.ofNode(id).secretIds).toEqual(before);
    expect(scenario.traces(id)).toEqual([
      "a Consul token",
      "a secret id",
      "a parameter",
      "a parameter",
    ]);
    expect(await scenario.finished(id)).toBe("joined");
  });

  it("that comes again after the join changes nothing", async () => {
    const { scenario, events, deliver } = recorded();
    const id = scenario.launchOne();
    await scenario.finished(id);
    await scenario.clock.advance(30);
    const before = { record: await scenario.record(id), traces: scenario.traces(id) };
    deliver(events[0] ?? "");
    await scenario.clock.advance(60);
    expect({ record: await scenario.record(id), traces: scenario.traces(id) }).toEqual(before);
  });

  it("that comes after the terminate event does not give credentials to what leaves", async () => {
    const { scenario, events, deliver } = recorded({ image: { bootSeconds: 400 } });
    const id = scenario.launchOne();
    await scenario.until(() => scenario.traces(id).includes("a parameter"));
    scenario.scaleIn(id);
    await scenario.until(async () => (await scenario.record(id))?.flow === "drain-client");
    const other = JSON.parse(events[0] ?? "{}");
    other.detail.LifecycleActionToken = "another";
    deliver(JSON.stringify(other));
    deliver(events[0] ?? "");
    expect(await scenario.finished(id)).toBe("never-joined");
    deliver(events[0] ?? "");
    await scenario.clock.advance(120);
    expect(scenario.traces(id)).toEqual([]);
    expect(scenario.queuesOf.get("join-client")?.deadLetters.bodies()).toEqual([]);
  });

  it("of an earlier life does not end a join: neither a late terminate event nor a warm pool's", async () => {
    const { scenario } = recorded({ image: { bootSeconds: 200 } });
    const id = scenario.launchOne();
    await scenario.until(() => scenario.traces(id).includes("a parameter"));
    const late = { time: new Date(scenario.clock.now().getTime() - 600_000).toISOString() };
    const now = { time: scenario.clock.now().toISOString() };
    const detail = { EC2InstanceId: id, AutoScalingGroupName: "nomad-clients" };
    const warm = { ...detail, Destination: "WarmPool", LifecycleActionToken: "warm" };
    scenario.queues.queue.send(JSON.stringify(terminateEvent(detail, late)));
    scenario.queues.queue.send(JSON.stringify(terminateEvent(warm, now)));
    expect(await scenario.finished(id)).toBe("joined");
  });

  it("that comes when the instance is in service already makes no credentials", async () => {
    const hook = { name: "drover-launch", transition: "launching" as const };
    const hooks = [{ ...hook, heartbeatTimeoutSeconds: 30, defaultResult: "CONTINUE" as const }];
    const { scenario, events, deliver } = recorded({ hooks, image: { introductionPath: false } });
    scenario.control.turn("pause");
    const id = scenario.launchOne();
    await scenario.until(() => scenario.lifecycleState(id) === "InService");
    scenario.control.turn("act");
    deliver(events[0] ?? "");
    expect(await scenario.finished(id)).toBe("not-pending");
    expect(scenario.traces(id)).not.toContain("a Consul token");
  });
});

it("takes Auto Scaling's test notification for what it is", async () => {
  const { scenario, deliver } = recorded();
  deliver(JSON.stringify({ Event: "autoscaling:TEST_NOTIFICATION", AutoScalingGroupName: "g" }));
  await scenario.clock.advance(300);
  expect(scenario.queuesOf.get("join-client")?.deadLetters.bodies()).toEqual([]);
});

describe("a warm pool", () => {
  it("takes an instance in without a join, which joins when it comes out", async () => {
    const { scenario } = recorded();
    const { autoScaling } = scenario.cluster.aws;
    autoScaling.putWarmPool("nomad-clients", { minSize: 1, maxPreparedCapacity: 1 });
    const id = scenario.members().find((each) => !scenario.instances.includes(each)) ?? "";
    expect(await scenario.finished(id)).toBe("warmed");
    await scenario.until(() => scenario.lifecycleState(id) === "Warmed:Stopped");
    expect(scenario.traces(id)).toEqual([]);
    scenario.launch();
    await scenario.until(() => scenario.lifecycleState(id) === "InService");
    expect((await scenario.record(id))?.finished?.outcome).toBe("joined");
    expect(scenario.node(id)?.eligible).toBe(true);
  });
});

it("sees an instance refresh through, each instance by both hooks", async () => {
  const { scenario } = recorded({ group: { instances: 2 } });
  const { autoScaling } = scenario.cluster.aws;
  autoScaling.refreshes.start("nomad-clients");
  const isOver = () => autoScaling.refreshes.of("nomad-clients")[0]?.status === "Successful";
  await scenario.until(isOver, 7_200);
  for (const id of scenario.members()) {
    if (scenario.lifecycleState(id) !== "InService") continue;
    expect(scenario.instances).not.toContain(id);
    expect((await scenario.record(id))?.finished?.outcome).toBe("joined");
  }
  await scenario.clock.advance(600);
  for (const id of scenario.instances) expect(scenario.traces(id)).toEqual([]);
  expect(scenario.cluster.killed).toEqual([]);
});
