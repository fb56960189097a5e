import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { TIMINGS } from "../../lambdas/contracts/timings.ts";
import { expectDrained, expectQueuesEmpty, secondsBetween } from "../helpers/expect-drained.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

const COMPLETE = "autoscaling:CompleteLifecycleAction";

const hook = (heartbeatTimeoutSeconds: number) => ({
  name: "drover-terminate",
  transition: "terminating" as const,
  heartbeatTimeoutSeconds,
});

describe("completing the hook", () => {
  it.each(["throttle", "contend", "breakDown"] as const)(
    "is tried until it works when Auto Scaling answers %s",
    async (fault) => {
      const scenario = new Scenario();
      await scenario.startWork();
      scenario.cluster.aws.faults[fault](COMPLETE, 20);
      scenario.scaleIn();
      await scenario.finished();
      await expectDrained(scenario);
      expectQueuesEmpty(scenario);
    },
  );

  it("that is not allowed is tried until the deadline, then waits for a redrive", async () => {
    const scenario = new Scenario({ group: { hooks: [hook(3_600)] } });
    const { faults } = scenario.cluster.aws;
    const { queue, deadLetters } = scenario.queues;
    await scenario.startWork();
    faults.deny(COMPLETE);
    scenario.scaleIn();
    // Another one of the same group, for which all is as it should be but the permission.
    const [, second = ""] = scenario.instances;
    scenario.scaleIn(second);
    const receives = TIMINGS.visibilityTimeoutSeconds * (TIMINGS.maxReceiveCount + 1);
    await scenario.clock.advance(890);
    expect(scenario.metric(METRICS.awsRefused)).toBeGreaterThan(10);
    expect(deadLetters.bodies()).toEqual([]);
    await scenario.until(() => deadLetters.bodies().length === 2, 60 + receives);
    expect(queue.bodies()).toEqual([]);
    expect(await scenario.history()).toContainEqual(
      expect.stringMatching(/^failed: .*CompleteLifecycleAction.*AccessDenied/),
    );
    expect((await scenario.record())?.progress.emptyAt).toBeInstanceOf(Date);
    expect(scenario.cluster.killed).toEqual([]);

    faults.heal();
    redrive(scenario);
    await scenario.finished();
    await scenario.finished(second);
    expect(scenario.cluster.killed).toEqual([]);
    expect(scenario.node()).toBeUndefined();
    expectQueuesEmpty(scenario);
  });
});

function redrive({ queues: { queue, deadLetters } }: Scenario): void {
  for (const { receiptHandle, body } of deadLetters.receive(10)) {
    queue.send(body);
    deadLetters.delete(receiptHandle);
  }
}

it("kills nothing when the hook runs out before the permission is there", async () => {
  const scenario = new Scenario({ group: { hooks: [hook(300)] } });
  await scenario.startWork();
  scenario.cluster.aws.faults.deny(COMPLETE);
  scenario.scaleIn();
  const isOff = () => scenario.cluster.aws.ec2.find(scenario.first)?.state === "terminated";
  await scenario.until(isOff, 2_400);
  redrive(scenario);
  expect(await scenario.finished()).toBe("drained");
  expect(scenario.cluster.killed).toEqual([]);
  expect(scenario.metric(METRICS.hookLost)).toBe(1);
  expect(await scenario.history()).toContainEqual(expect.stringContaining("AccessDenied"));
  await scenario.clock.advance(600);
  expectQueuesEmpty(scenario);
});

describe("a hook that Drover does not end", () => {
  it("because somebody else completes it when the node is empty", async () => {
    const scenario = new Scenario();
    const { autoScaling } = scenario.cluster.aws;
    await scenario.startWork();
    scenario.cluster.aws.faults.throttle(COMPLETE);
    scenario.scaleIn();
    await scenario.until(() => scenario.cluster.running(scenario.first).length === 0);
    autoScaling.complete(
      { group: GROUP, hook: "drover-terminate", instanceId: scenario.first },
      "CONTINUE",
    );
    scenario.cluster.aws.faults.heal();

    expect(await scenario.finished()).toBe("drained");
    expect(scenario.cluster.killed).toEqual([]);
    expect(scenario.node()).toBeUndefined();
    expect(scenario.witness.completions).toEqual([]);
    expect(scenario.metric(METRICS.hookLost)).toBe(1);
    expectQueuesEmpty(scenario);
  });

  it.each([
    ["because somebody else completes it while tasks run", 0],
    ["because it expires while Auto Scaling takes no heartbeats", 300],
  ])("%s: the journal says so, and nobody calls that drained", async (_how, heartbeatLoss) => {
    const scenario = new Scenario();
    const { autoScaling, faults } = scenario.cluster.aws;
    scenario.cluster.nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 800 });
    await scenario.clock.advance(30);
    await scenario.scaleInAndBegin();
    if (heartbeatLoss > 0) {
      faults.throttle("autoscaling:RecordLifecycleActionHeartbeat");
    } else {
      autoScaling.complete(
        { group: GROUP, hook: "drover-terminate", instanceId: scenario.first },
        "CONTINUE",
      );
    }

    expect(await scenario.finished()).toBe("cut-short");
    expect(scenario.cluster.killed).toHaveLength(1);
    expect(scenario.node()).toBeUndefined();
    expect(scenario.metric(METRICS.hookLost)).toBe(1);
    expect(await scenario.history()).toContainEqual(
      expect.stringContaining("before its node was known to be empty"),
    );
    expectQueuesEmpty(scenario);
  });

  it("because the machine dies in the middle of the drain", async () => {
    const scenario = new Scenario();
    scenario.cluster.nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 800 });
    await scenario.clock.advance(30);
    await scenario.scaleInAndBegin();
    scenario.cluster.aws.ec2.terminate(scenario.first);
    await scenario.finished();
    expect(scenario.node()).toBeUndefined();
    expectQueuesEmpty(scenario);
  });
});

it("keeps a hook of 30 s alive through a drain of ten minutes", async () => {
  const scenario = new Scenario({
    group: { hooks: [hook(30)] },
    drain: { pollSeconds: 60 },
  });
  scenario.cluster.nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 630 });
  await scenario.clock.advance(30);
  scenario.scaleIn();
  const leftAt = scenario.clock.now();
  await scenario.finished();
  await expectDrained(scenario);
  expect(secondsBetween(leftAt, scenario.letGoAt())).toBeGreaterThan(595);
});

it("keeps its deadline before the hook's cap, which no heartbeat moves", async () => {
  const scenario = new Scenario({
    group: { hooks: [hook(30)] },
    drain: { timeoutSeconds: 7_200 },
  });
  scenario.cluster.nomad.registerJob({ id: "report", type: "batch", count: 3 });
  await scenario.clock.advance(30);
  scenario.scaleIn();
  const leftAt = scenario.clock.now();
  await scenario.finished();
  await expectDrained(scenario);
  // The cap is 100 times 30 s; the drain ends earlier by the margin for kill timeouts.
  expect(secondsBetween(leftAt, scenario.letGoAt())).toBeLessThan(3_000);
  expect(secondsBetween(leftAt, scenario.letGoAt())).toBeGreaterThan(2_900);
});
