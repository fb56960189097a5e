import { expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { TIMINGS } from "../../lambdas/contracts/timings.ts";
import { terminateEvent } from "../helpers/events.ts";
import { expectDrained } from "../helpers/expect-drained.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

const wrong = terminateEvent();
const BAD: Record<string, string> = {
  "no JSON": "{ not json",
  "no event": JSON.stringify({ hello: "world" }),
  "an unknown event": JSON.stringify({ ...wrong, "detail-type": "EC2 Something New" }),
  "an event without its instance": JSON.stringify({
    ...wrong,
    detail: { ...wrong.detail, EC2InstanceId: "not-an-instance" },
  }),
  "a tick without its id": JSON.stringify({ nodeId: "i-0123456789abcdef0", tickId: "" }),
};

it("works on the good messages of a batch; the bad ones end in the dead-letter queue", async () => {
  const scenario = new Scenario();
  const { queue, deadLetters } = scenario.queues;
  await scenario.startWork();
  for (const body of Object.values(BAD)) queue.send(body);
  for (const id of scenario.instances.slice(0, 2)) scenario.scaleIn(id);
  for (const id of scenario.instances.slice(0, 2)) await scenario.finished(id);
  for (const id of scenario.instances.slice(0, 2)) await expectDrained(scenario, id);

  await scenario.clock.advance(TIMINGS.visibilityTimeoutSeconds * (TIMINGS.maxReceiveCount + 1));
  expect(deadLetters.bodies().sort()).toEqual(Object.values(BAD).sort());
  expect(queue.bodies()).toEqual([]);
  const bad = Object.keys(BAD).length;
  expect(scenario.metric(METRICS.unparsable) % bad).toBe(0);
});

it("is not held up by a tick of a node nobody knows", async () => {
  const scenario = new Scenario();
  await scenario.startWork();
  scenario.queues.queue.send(JSON.stringify({ nodeId: "i-0123456789abcdef0", tickId: "gone" }));
  scenario.scaleIn();
  await scenario.finished();
  await expectDrained(scenario);
  expect(scenario.queues.queue.bodies()).toEqual([]);
  expect(scenario.cluster.aws.autoScaling.group(GROUP).members.size).toBe(2);
});
