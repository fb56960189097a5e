import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import type { TokenInput } from "../../local/nomad/access.ts";
import { DROVER_NOMAD_TOKEN } from "../../local/nomad/drover-setup.ts";
import { expectDrained, expectQueuesEmpty, secondsBetween } from "../helpers/expect-drained.ts";
import { Scenario } from "../helpers/scenario.ts";

const GOOD = DROVER_NOMAD_TOKEN;
const TOO_NARROW: readonly (readonly [string, TokenInput])[] = [
  ["in every namespace", { node: "write" }],
  ["in all namespaces but one", { node: "write", namespaces: { default: ["read-job"] } }],
];
/** Its own rule for one namespace is closer than the one for all. */
const DENIED_IN_ONE: TokenInput = {
  node: "write",
  namespaces: { "*": ["read-job"], prod: ["list-jobs"] },
};

/** Work in two namespaces, of which the second is slow to stop. */
async function startWork(scenario: Scenario): Promise<void> {
  const { nomad } = scenario.cluster;
  nomad.registerJob({ id: "web", count: 3 });
  nomad.registerJob({
    id: "pay",
    namespace: "prod",
    count: 3,
    killTimeoutSeconds: 30,
    stopTakesSeconds: 25,
  });
  await scenario.clock.advance(30);
}

describe.each(TOO_NARROW)("a Nomad token without read-job %s", (_where, nomadToken) => {
  it("proves nothing: the hook is kept until the deadline, and the journal names the fix", async () => {
    const scenario = new Scenario({ nomadToken, drain: { timeoutSeconds: 400 } });
    await startWork(scenario);
    scenario.scaleIn();

    expect(await scenario.finished()).toBe("gave-up");
    const deadlineAt = (await scenario.record())?.deadlineAt;
    expect(secondsBetween(deadlineAt, scenario.letGoAt())).toBeGreaterThanOrEqual(0);
    expect(scenario.metric(METRICS.nomadTokenTooNarrow)).toBeGreaterThan(0);
    expect(await scenario.history()).toContainEqual(
      expect.stringContaining('namespace "*" { capabilities = ["read-job"] }'),
    );
    expectQueuesEmpty(scenario);
  });

  it("is put right meanwhile: the drain ends as usual", async () => {
    const scenario = new Scenario({ nomadToken });
    await startWork(scenario);
    scenario.scaleIn();
    await scenario.clock.advance(120);
    expect(scenario.cluster.running(scenario.first)).toEqual([]);
    expect(scenario.letGoAt()).toBeUndefined();

    scenario.useNomadToken(GOOD);
    await scenario.finished();
    await expectDrained(scenario);
  });
});

it("tries until the deadline when the token may not write nodes", async () => {
  const nomadToken: TokenInput = { node: "read", namespaces: { "*": ["read-job"] } };
  const scenario = new Scenario({ nomadToken, drain: { timeoutSeconds: 400 } });
  await startWork(scenario);
  scenario.scaleIn();

  expect(await scenario.finished()).toBe("gave-up");
  const deadlineAt = (await scenario.record())?.deadlineAt;
  expect(secondsBetween(deadlineAt, scenario.letGoAt())).toBeGreaterThanOrEqual(0);
  expect(scenario.metric(METRICS.nomadUnavailable)).toBeGreaterThan(5);
  expect(await scenario.history()).toContainEqual(expect.stringMatching(/^waits: .*node.*write/));
});

it("goes on when the token may write nodes after all", async () => {
  const scenario = new Scenario({
    nomadToken: { node: "read", namespaces: { "*": ["read-job"] } },
  });
  await startWork(scenario);
  scenario.scaleIn();
  await scenario.clock.advance(120);
  expect(scenario.node()?.eligible).toBe(true);

  scenario.useNomadToken(GOOD);
  await scenario.finished();
  await expectDrained(scenario);
});

it("waits for tasks it may not see as long as Nomad drains them", async () => {
  const scenario = new Scenario({ nomadToken: DENIED_IN_ONE });
  const { nomad } = scenario.cluster;
  nomad.registerJob({ id: "pay", namespace: "prod", type: "batch", count: 3, runsSeconds: 200 });
  await scenario.clock.advance(30);
  scenario.scaleIn();
  await scenario.finished();
  await expectDrained(scenario);
  expect(await scenario.history()).toContainEqual(expect.stringContaining("still drains the node"));
});
