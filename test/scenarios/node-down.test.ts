import { expect, it } from "vitest";
import { expectQueuesEmpty, secondsBetween } from "../helpers/expect-drained.ts";
import { Scenario } from "../helpers/scenario.ts";

const LONG = { id: "report", type: "batch", count: 3, runsSeconds: 7_200 } as const;

it("does not wait for a node whose agent dies in the middle of the drain", async () => {
  const scenario = new Scenario();
  scenario.cluster.nomad.registerJob(LONG);
  await scenario.clock.advance(30);
  await scenario.scaleInAndBegin();
  scenario.cluster.nomad.stopAgent(scenario.cluster.nodeId(scenario.first));
  const diedAt = scenario.clock.now();

  expect(await scenario.finished()).toBe("drained");
  expect(secondsBetween(diedAt, scenario.letGoAt())).toBeLessThan(40);
  expect(scenario.node()).toBeUndefined();
  expect(await scenario.history()).toContainEqual(expect.stringContaining("the node is down"));
  expectQueuesEmpty(scenario);
});

it("does not wait for a node that was down before", async () => {
  const scenario = new Scenario();
  scenario.cluster.nomad.registerJob(LONG);
  await scenario.clock.advance(30);
  scenario.cluster.nomad.stopAgent(scenario.cluster.nodeId(scenario.first));
  await scenario.until(() => scenario.node()?.status === "down");
  scenario.scaleIn();
  const leftAt = scenario.clock.now();

  expect(await scenario.finished()).toBe("drained");
  expect(secondsBetween(leftAt, scenario.letGoAt())).toBeLessThan(10);
  expect(scenario.node()).toBeUndefined();
  expectQueuesEmpty(scenario);
});

it("waits out a leader change, after which Nomad misses nobody for five minutes", async () => {
  const scenario = new Scenario();
  await scenario.startWork();
  scenario.scaleIn();
  await scenario.until(() => scenario.letGoAt() !== undefined);
  await scenario.clock.advance(5);
  scenario.cluster.nomad.changeLeader();

  expect(await scenario.finished()).toBe("drained");
  expect(scenario.node()).toBeUndefined();
  expect(scenario.cluster.killed).toEqual([]);
  expectQueuesEmpty(scenario);
});
