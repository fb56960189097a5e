import fc from "fast-check";
import { expect, it } from "vitest";
import { secondsBetween } from "../helpers/expect-drained.ts";
import { PROPERTY } from "../helpers/runs.ts";
import { Scenario } from "../helpers/scenario.ts";

/** SQS delays in whole seconds. */
const TICK_SECONDS = 1;

it("completes the hook within one look of the last task's stop", async () => {
  const stop = fc.integer({ min: 0, max: 25_000 }).map((milliseconds) => milliseconds / 1_000);
  await fc.assert(
    fc.asyncProperty(
      stop,
      stop,
      fc.integer({ min: 1, max: 5 }),
      async (web, agent, pollSeconds) => {
        const scenario = new Scenario({ drain: { pollSeconds } });
        const { nomad } = scenario.cluster;
        nomad.registerJob({ id: "web", count: 3, killTimeoutSeconds: 30, stopTakesSeconds: web });
        nomad.registerJob({
          id: "agent",
          type: "system",
          killTimeoutSeconds: 30,
          stopTakesSeconds: agent,
        });
        await scenario.clock.advance(30);
        scenario.scaleIn();
        await scenario.finished();
        const [completion] = scenario.witness.completions;
        const tail = secondsBetween(scenario.lastStopAt(), completion?.at);
        expect(tail).toBeGreaterThanOrEqual(0);
        expect(tail).toBeLessThanOrEqual(pollSeconds + TICK_SECONDS);
      },
    ),
    PROPERTY,
  );
});

it("looks at Nomad no more often than every two seconds meanwhile", async () => {
  let looks = 0;
  const scenario = new Scenario({
    ports: ({ nomad, ...ports }) => ({
      ...ports,
      nomad: {
        ...nomad,
        allocations: (id) => {
          looks += 1;
          return nomad.allocations(id);
        },
      },
    }),
  });
  scenario.cluster.nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 430 });
  await scenario.clock.advance(30);
  scenario.scaleIn();
  await scenario.until(() => scenario.letGoAt() !== undefined);
  expect(looks).toBeLessThanOrEqual(400 / 2 + 3);
});
