import fc from "fast-check";
import { expect, it } from "vitest";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { Scenario } from "../helpers/scenario.ts";

function withSlowTasks(seed?: number): Scenario {
  const scenario = new Scenario({ ...(seed && { seed }) });
  const { nomad } = scenario.cluster;
  nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 120 });
  nomad.registerJob({ id: "agent", type: "system", stopTakesSeconds: 4 });
  return scenario;
}

it("a node that somebody purges while it lives is waited for, and drained when it is back", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 3, max: 60 }),
      async (seed, after) => {
        const scenario = withSlowTasks(seed);
        const { nomad, killed } = scenario.cluster;
        await scenario.clock.advance(30);
        scenario.scaleIn();
        await scenario.clock.advance(after);
        const node = scenario.node();
        if (node) nomad.purge(node);

        expect(await scenario.finished()).toBe("drained");
        expect(killed).toEqual([]);
        expectQueuesEmpty(scenario);
      },
    ),
    { numRuns: 25, seed: 1 },
  );
});

it("a node that never comes back is let go at the deadline, which is no drain", async () => {
  const scenario = withSlowTasks();
  const { nomad } = scenario.cluster;
  await scenario.clock.advance(30);
  scenario.scaleIn();
  await scenario.clock.advance(20);
  const node = scenario.node();
  if (!node) throw new Error("the node is gone already");
  nomad.stopAgent(node.id);
  nomad.purge(node);

  expect(await scenario.finished()).toBe("gave-up");
  expect(await scenario.history()).toContainEqual(
    expect.stringContaining(`Nomad no longer knows node ${node.id}`),
  );
  expectQueuesEmpty(scenario);
});

it("an agent that is set up anew in the middle of a drain is drained as well", async () => {
  const scenario = withSlowTasks();
  await scenario.clock.advance(30);
  scenario.scaleIn();
  await scenario.clock.advance(10);
  scenario.cluster.reinstallAgent(scenario.first);

  expect(await scenario.finished()).toBe("drained");
  expect(scenario.cluster.killed).toEqual([]);
  expectQueuesEmpty(scenario);
});
