import { expect, it } from "vitest";
import { replayEntry } from "../../lambdas/contracts/replay.ts";
import { terminateEvent } from "../helpers/events.ts";
import { expectDrained, expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

function replay(scenario: Scenario, event: unknown): void {
  const {
    EventBusName: bus,
    Source: source,
    DetailType: detailType,
    Detail: detail,
  } = replayEntry(event, "drover");
  scenario.cluster.aws.eventBridge.putEvents([{ bus, source, detailType, detail }]);
}

// ADR 3.
it("leaves an instance in service alone, whatever a replayed event says", async () => {
  const scenario = new Scenario();
  scenario.cluster.nomad.registerJob({ id: "web", count: 3 });
  await scenario.clock.advance(30);
  const before = scenario.cluster.running(scenario.first);
  replay(scenario, terminateEvent({ EC2InstanceId: scenario.first, AutoScalingGroupName: GROUP }));

  expect(await scenario.finished()).toBe("cancelled");
  await scenario.clock.advance(600);
  expect(scenario.node()).toMatchObject({ eligible: true, drain: null, lastDrain: null });
  expect(scenario.cluster.running(scenario.first)).toEqual(before);
  expect(scenario.lifecycleState()).toBe("InService");
  expect(await scenario.history()).toContainEqual(
    expect.stringContaining("its group says InService"),
  );
  expectQueuesEmpty(scenario);
});

it("drains by a replayed event when the first one was lost", async () => {
  const scenario = new Scenario();
  const lost: unknown[] = [];
  scenario.cluster.aws.eventBridge.delivery = (event) => {
    if (event["detail-type"].endsWith("terminate Lifecycle Action")) lost.push(event);
    return [];
  };
  await scenario.startWork();
  scenario.scaleIn();
  await scenario.clock.advance(60);
  for (const event of lost) replay(scenario, event);
  await scenario.finished();
  await expectDrained(scenario);
});

it("is not confused by an event of the past, when the instance really leaves later", async () => {
  const scenario = new Scenario();
  await scenario.startWork();
  replay(scenario, terminateEvent({ EC2InstanceId: scenario.first, AutoScalingGroupName: GROUP }));
  await scenario.finished();
  scenario.scaleIn();
  await scenario.until(() => scenario.letGoAt() !== undefined);
  await scenario.finished();
  await expectDrained(scenario);
});
