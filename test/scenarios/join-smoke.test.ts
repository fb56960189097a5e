import { expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { Launches, type LaunchOptions } from "../helpers/launches.ts";

const join = { timeoutSeconds: 300, smokeJob: { id: "smoke", namespace: "platform" } };
const job = { id: "smoke", namespace: "platform", type: "batch", parameterized: true } as const;
/** What docs/join.md says Drover needs for a smoke job. */
const nomadToken = {
  node: "write",
  operator: "read",
  namespaces: { "*": ["read-job"], platform: ["read-job", "submit-job"] },
} as const;

function scenarioWith(options: LaunchOptions = {}) {
  return new Launches({ join, nomadToken, ...options });
}

const runs = ({ cluster }: Launches) =>
  [...cluster.nomad.state.jobs.values()].filter(({ id }) => id.includes("drover"));

it("lets an instance in after the smoke job has succeeded on it, and leaves no run behind", async () => {
  const scenario = scenarioWith();
  scenario.cluster.nomad.registerJob({ ...job, runsSeconds: 20 });
  const id = scenario.launchOne();
  await scenario.until(() => runs(scenario).length > 0);
  const states: string[] = [];
  scenario.cluster.nomad.onAllocationChange(({ job, clientStatus }) => {
    if (job.id.startsWith("smoke/drover")) states.push(clientStatus);
  });
  expect(scenario.lifecycleState(id)).toBe("Pending:Wait");
  expect(await scenario.finished(id)).toBe("joined");
  expect(states).toContain("complete");
  expect(runs(scenario)).toEqual([]);
});

it("gives an instance up as soon as the smoke job fails on it", async () => {
  const scenario = scenarioWith();
  scenario.cluster.nomad.registerJob({ ...job, runsSeconds: 5, fails: true });
  const id = scenario.launchOne();
  expect(await scenario.finished(id, 3_600)).toBe("abandoned");
  expect((await scenario.record(id))?.finished?.why).toContain("smoke job smoke failed");
  expect(runs(scenario).some(({ id: run }) => run.includes(scenario.cluster.nodeId(id)))).toBe(
    false,
  );
  expect(scenario.metric(METRICS.joinAbandoned)).toBeGreaterThan(0);
});

it("says which smoke job is missing", async () => {
  const scenario = scenarioWith();
  const id = scenario.launchOne();
  expect(await scenario.finished(id, 3_600)).toBe("abandoned");
  expect((await scenario.record(id))?.finished?.why).toContain(
    "there is no sysbatch or parameterised job smoke in platform",
  );
});

it("leaves no smoke run of an instance that is terminated meanwhile", async () => {
  const scenario = scenarioWith();
  scenario.cluster.nomad.registerJob({ ...job, runsSeconds: 200 });
  const id = scenario.launchOne();
  await scenario.until(() => runs(scenario).length > 0);
  scenario.scaleIn(id);
  await scenario.until(async () => (await scenario.record(id))?.flow === "drain-client");
  await scenario.finished(id, 3_600);
  expect(runs(scenario)).toEqual([]);
  expect(scenario.traces(id)).toEqual([]);
});
