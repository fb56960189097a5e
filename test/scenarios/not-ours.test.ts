import { expect, it } from "vitest";
import { testConfig } from "../helpers/config.ts";
import { terminateEvent } from "../helpers/events.ts";
import { expectDrained, expectQueuesEmpty, secondsBetween } from "../helpers/expect-drained.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

function expectUntouched(scenario: Scenario): void {
  expect(scenario.node()).toMatchObject({ eligible: true, drain: null, lastDrain: null });
  expect(scenario.witness.completions).toEqual([]);
}

it("leaves a group alone that is not in the configuration", async () => {
  const scenario = new Scenario({ config: { groups: [{ name: "other-clients" }] } });
  await scenario.startWork();
  scenario.scaleIn();
  expect(await scenario.finished()).toBe("not-ours");
  await scenario.clock.advance(250);
  expectUntouched(scenario);
  expect(scenario.lifecycleState()).toBe("Terminating:Wait");
  expect(await scenario.history()).toContainEqual(expect.stringContaining(GROUP));
  expectQueuesEmpty(scenario);
});

it("leaves another account's instances alone", async () => {
  const { account } = testConfig();
  const scenario = new Scenario({ config: { account: "222222222222" } });
  await scenario.startWork();
  scenario.scaleIn();
  expect(await scenario.finished()).toBe("not-ours");
  expectUntouched(scenario);
  expect(await scenario.history()).toContainEqual(expect.stringContaining(account));
  expectQueuesEmpty(scenario);
});

it("is not talked by an event into draining another group's instance", async () => {
  const scenario = new Scenario();
  const [other = ""] = scenario.cluster.addGroup({ name: "databases", instances: 1 });
  scenario.scaleIn(other);
  await scenario.clock.advance(5);
  const event = terminateEvent({ EC2InstanceId: other, AutoScalingGroupName: GROUP });
  await scenario.deliver(JSON.stringify(event));
  expect(await scenario.finished(other)).toBe("not-ours");
  expect(scenario.node(other)?.eligible).toBe(true);
});

it.each(["stop", "terminate"] as const)(
  "leaves an instance of no group alone that is asked about while Auto Scaling is away: %s",
  async (end) => {
    const scenario = new Scenario();
    const { aws, nomad } = scenario.cluster;
    const { id } = aws.ec2.run();
    await scenario.clock.advance(10);
    const { id: nodeId } = nomad.addNode({ instanceId: id });
    await scenario.clock.advance(10);
    aws.faults.breakDown("autoscaling:DescribeAutoScalingInstances");
    aws.ec2[end](id);
    await scenario.clock.advance(1);
    nomad.stopAgent(nodeId);
    aws.faults.heal();
    expect(await scenario.finished(id)).toBe("not-ours");
    await scenario.clock.advance(300);
    expect(nomad.node(nodeId)).toMatchObject({ eligible: true, drain: null, lastDrain: null });
    expectQueuesEmpty(scenario);
  },
);

it("leaves an instance that goes to the warm pool alone, and drains it when it really leaves", async () => {
  const scenario = new Scenario();
  await scenario.startWork();
  scenario.cluster.aws.autoScaling.moveToWarmPool(scenario.first);
  expect(await scenario.finished()).toBe("not-a-termination");
  expectUntouched(scenario);
  await scenario.until(() => scenario.lifecycleState() === "Warmed:Stopped");
  expectUntouched(scenario);
  expectQueuesEmpty(scenario);
});

it("drains a node for its root volume, and the instance once more when it really leaves", async () => {
  const scenario = new Scenario();
  await scenario.startWork();
  scenario.cluster.aws.autoScaling.replaceRootVolume(scenario.first);
  await scenario.until(() => scenario.lifecycleState() === "InService");
  await scenario.clock.advance(300);
  expect(scenario.cluster.killed).toEqual([]);
  expect(scenario.node()).toMatchObject({ status: "ready", eligible: true });
  expect((await scenario.record())?.finished?.outcome).toBe("joined");

  scenario.scaleIn();
  await scenario.until(() => scenario.letGoAt() !== undefined);
  await scenario.finished();
  await expectDrained(scenario, scenario.first, ["drover-terminate", "drover-terminate"]);
});

it("takes a hook's test notification for what it is", async () => {
  const scenario = new Scenario();
  const { queue } = scenario.queues;
  scenario.cluster.aws.autoScaling.putHook(GROUP, {
    name: "to-the-queue",
    transition: "terminating",
    notificationTargetArn: queue.arn,
  });
  expect(queue.bodies()).toHaveLength(1);
  await scenario.clock.advance(600);
  expect(await scenario.nodes.unfinished()).toEqual([]);
  expectQueuesEmpty(scenario);
});

it("works on an instance until its end although the group shows it gone first", async () => {
  const scenario = new Scenario({ aws: { ec2: { shuttingDownSeconds: 300 } } });
  await scenario.startWork();
  scenario.scaleIn();
  await scenario.finished();
  await expectDrained(scenario);
  expect(secondsBetween(scenario.letGoAt(), scenario.clock.now())).toBeGreaterThan(299);
});
