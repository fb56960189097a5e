import { expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { secondsBetween } from "../helpers/expect-drained.ts";
import { Scenario } from "../helpers/scenario.ts";

const patient = {
  client: ({ id }: { id: string }) => ({ instanceId: id, maxKillTimeoutSeconds: 3_600 }),
};

it("lets go at the deadline, and says so, when a task would stop far beyond it", async () => {
  const scenario = new Scenario({ group: patient, drain: { timeoutSeconds: 300 } });
  const { nomad } = scenario.cluster;
  nomad.registerJob({ id: "web", count: 3, killTimeoutSeconds: 3_000, stopTakesSeconds: 2_500 });
  await scenario.clock.advance(30);
  scenario.scaleIn();

  expect(await scenario.finished()).toBe("gave-up");
  const deadlineAt = (await scenario.record())?.deadlineAt;
  const late = secondsBetween(deadlineAt, scenario.letGoAt());
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThanOrEqual(3);
  expect(await scenario.history()).toContainEqual(
    expect.stringMatching(/^the deadline passed and Drover stopped waiting: allocations.*web\.g/),
  );
  expect(scenario.metric(METRICS.deadlinePassed)).toBe(1);
  expect(scenario.witness.completions).toHaveLength(1);
});

it("ends Nomad's drain so early that forced tasks get their kill timeout before the deadline", async () => {
  const scenario = new Scenario({ group: patient, drain: { timeoutSeconds: 600 } });
  const { nomad } = scenario.cluster;
  const slow = { killTimeoutSeconds: 200, stopTakesSeconds: 190, shutdownDelaySeconds: 5 };
  nomad.registerJob({ id: "report", type: "batch", count: 3, ...slow });
  await scenario.clock.advance(30);
  scenario.scaleIn();

  expect(await scenario.finished()).toBe("drained");
  const deadlineAt = (await scenario.record())?.deadlineAt;
  expect(secondsBetween(scenario.drainEnds()[0], deadlineAt)).toBe(210);
  expect(scenario.cluster.killed).toEqual([]);
  expect(secondsBetween(scenario.lastStopAt(), deadlineAt)).toBeGreaterThan(0);
});

it("keeps the deadline however seldom it looks", async () => {
  const drain = { timeoutSeconds: 290, pollSeconds: 60 };
  const scenario = new Scenario({ group: patient, drain });
  const { nomad } = scenario.cluster;
  nomad.registerJob({ id: "web", count: 3, killTimeoutSeconds: 3_000, stopTakesSeconds: 2_500 });
  await scenario.clock.advance(30);
  scenario.scaleIn();

  expect(await scenario.finished()).toBe("gave-up");
  const deadlineAt = (await scenario.record())?.deadlineAt;
  expect(secondsBetween(deadlineAt, scenario.letGoAt())).toBeLessThanOrEqual(3);
});

it("stops a batch job of an hour at the drain's deadline, not before", async () => {
  const scenario = new Scenario({ drain: { timeoutSeconds: 900, killMarginSeconds: 60 } });
  const { nomad } = scenario.cluster;
  nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 3_600 });
  await scenario.clock.advance(30);
  scenario.scaleIn();

  expect(await scenario.finished()).toBe("drained");
  const [drainEnd] = scenario.drainEnds();
  const deadlineAt = (await scenario.record())?.deadlineAt;
  expect(secondsBetween(drainEnd, deadlineAt)).toBe(60);
  expect(secondsBetween(drainEnd, scenario.lastStopAt())).toBeGreaterThanOrEqual(0);
  expect(secondsBetween(drainEnd, scenario.lastStopAt())).toBeLessThan(10);
});
