import { expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { expectDrained, expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { Scenario } from "../helpers/scenario.ts";

/** A batch job that keeps the node busy for ten minutes. */
async function longWork(scenario: Scenario): Promise<void> {
  scenario.cluster.nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 600 });
  await scenario.clock.advance(30);
}

/** The ids of the ticks in the queue that the record would still follow, each once. */
async function liveTicks(scenario: Scenario): Promise<string[]> {
  const { tick } = (await scenario.record()) ?? {};
  const bodies = scenario.queues.queue.bodies().filter((body) => body.includes("tickId"));
  const ids = bodies.map((body) => String(JSON.parse(body).tickId));
  return [...new Set(ids)].filter((id) => id === tick?.id);
}

it("has one chain of ticks a node, whatever is delivered twice", async () => {
  const scenario = new Scenario();
  await longWork(scenario);
  scenario.scaleIn();
  for (let second = 0; second < 300; second++) {
    if (second % 7 === 0) scenario.queues.queue.duplicateNext(2);
    if (second % 11 === 0) for (const event of scenario.events) scenario.queues.queue.send(event);
    await scenario.clock.advance(1);
    expect((await liveTicks(scenario)).length).toBeLessThanOrEqual(1);
    expect(scenario.queues.queue.bodies().length).toBeLessThanOrEqual(4);
  }
  scenario.queues.queue.duplicateNext(0);
  await scenario.clock.advance(60);

  const before = scenario.metric(METRICS.pass);
  await scenario.clock.advance(100);
  expect(scenario.metric(METRICS.pass) - before).toBeLessThanOrEqual(51);
  expect(scenario.queues.queue.bodies()).toHaveLength(1);
  await scenario.finished();
  await scenario.clock.advance(60);
  await expectDrained(scenario);
  expectQueuesEmpty(scenario);
});

it("follows every tick delivered twice only once to its end", async () => {
  const scenario = new Scenario();
  await longWork(scenario);
  scenario.queues.queue.duplicateNext(10_000);
  scenario.scaleIn();
  await scenario.clock.advance(400);
  expect(scenario.queues.queue.bodies().length).toBeLessThanOrEqual(4);
  // A pass every 2 s; a second copy of a tick may make one more.
  expect(scenario.metric(METRICS.pass)).toBeLessThanOrEqual(2 * 201);
  await scenario.finished();
  await scenario.clock.advance(60);
  await expectDrained(scenario);
  expectQueuesEmpty(scenario);
});
