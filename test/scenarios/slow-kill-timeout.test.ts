import { expect, it } from "vitest";
import { expectDrained, secondsBetween } from "../helpers/expect-drained.ts";
import { Scenario } from "../helpers/scenario.ts";

/** Clients whose `max_kill_timeout` leaves jobs the time they ask for. */
const patient = {
  client: ({ id }: { id: string }) => ({ instanceId: id, maxKillTimeoutSeconds: 600 }),
};

it("waits for a system job that stops slowly, though Nomad calls the drain complete", async () => {
  const scenario = new Scenario({ group: patient });
  const { nomad } = scenario.cluster;
  nomad.registerJob({
    id: "agent",
    type: "system",
    killTimeoutSeconds: 300,
    stopTakesSeconds: 120,
  });
  await scenario.clock.advance(30);
  scenario.scaleIn();
  await scenario.finished();

  await expectDrained(scenario);
  expect(secondsBetween(scenario.drainCompleteAt(), scenario.lastStopAt())).toBeGreaterThan(100);
  expect(secondsBetween(scenario.lastStopAt(), scenario.letGoAt())).toBeGreaterThan(0);
});

it("waits for a batch job's kill timeout after the drain's deadline", async () => {
  const scenario = new Scenario({ group: patient, drain: { timeoutSeconds: 300 } });
  const { nomad } = scenario.cluster;
  const slow = { killTimeoutSeconds: 100, stopTakesSeconds: 80 };
  nomad.registerJob({ id: "report", type: "batch", count: 3, ...slow });
  await scenario.clock.advance(30);
  scenario.scaleIn();
  await scenario.finished();

  await expectDrained(scenario);
  expect(secondsBetween(scenario.drainCompleteAt(), scenario.lastStopAt())).toBeGreaterThan(75);
  expect(secondsBetween(scenario.lastStopAt(), scenario.letGoAt())).toBeGreaterThan(0);
});

it("waits for both at once", async () => {
  const scenario = new Scenario({ group: patient, drain: { timeoutSeconds: 400 } });
  const { nomad } = scenario.cluster;
  const slow = { killTimeoutSeconds: 100, stopTakesSeconds: 80 };
  nomad.registerJob({ id: "report", type: "batch", count: 3, ...slow });
  nomad.registerJob({ id: "agent", type: "system", ...slow, stopTakesSeconds: 95 });
  await scenario.clock.advance(30);
  scenario.scaleIn();
  await scenario.finished();

  await expectDrained(scenario);
  expect(secondsBetween(scenario.drainCompleteAt(), scenario.lastStopAt())).toBeGreaterThan(90);
});
