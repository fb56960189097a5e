import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { PUT_PARAMETER_RATE } from "../../local/aws/ssm/write-limit.ts";
import { Launches } from "../helpers/launches.ts";

const join = { timeoutSeconds: 600 };

/** Lets one system be away for a while, from before the launch. */
async function joinThrough(
  breakDown: (scenario: Launches) => void,
  heal: (scenario: Launches) => void,
  seconds = 200,
) {
  const scenario = new Launches({ join });
  breakDown(scenario);
  const id = scenario.launchOne();
  await scenario.clock.advance(seconds);
  heal(scenario);
  return { scenario, id };
}

describe("an instance joins when it is over that", () => {
  it("Consul is away", async () => {
    const { scenario, id } = await joinThrough(
      ({ cluster }) => cluster.consul.faults.set("away"),
      ({ cluster }) => cluster.consul.faults.clear(),
    );
    expect(scenario.lifecycleState(id)).toBe("Pending:Wait");
    expect(scenario.metric(METRICS.consulUnavailable)).toBeGreaterThan(0);
    expect(await scenario.finished(id)).toBe("joined");
  });

  it("Vault is sealed", async () => {
    const { scenario, id } = await joinThrough(
      ({ cluster }) => cluster.vault.faults.set("sealed"),
      ({ cluster }) => cluster.vault.faults.clear(),
    );
    expect(scenario.metric(METRICS.vaultUnavailable)).toBeGreaterThan(0);
    expect(await scenario.finished(id)).toBe("joined");
    expect(scenario.traces(id).filter((trace) => trace === "a Consul token")).toHaveLength(1);
    expect(scenario.traces(id)).not.toContain("a secret id");
  });

  it("Nomad is away", async () => {
    const { scenario, id } = await joinThrough(
      ({ cluster }) => cluster.nomad.faults.set("away"),
      ({ cluster }) => cluster.nomad.faults.clear(),
    );
    expect(await scenario.finished(id)).toBe("joined");
  });

  it("Parameter Store refuses writes, with no second secret id left over", async () => {
    const { scenario, id } = await joinThrough(
      ({ cluster }) => cluster.aws.faults.throttle("ssm:PutParameter"),
      ({ cluster }) => cluster.aws.faults.heal(),
    );
    expect(await scenario.finished(id)).toBe("joined");
    expect(scenario.cluster.vault.ofNode(id).secretIds).toEqual([]);
  });

  it("Vault makes a secret id and its answer is lost", async () => {
    const { scenario, id } = await joinThrough(
      ({ cluster }) => cluster.vault.faults.next("answer-lost", 4),
      ({ cluster }) => cluster.vault.faults.clear(),
      30,
    );
    expect(await scenario.finished(id)).toBe("joined");
    expect(scenario.cluster.vault.ofNode(id).secretIds).toEqual([]);
  });
});

it("does not let an instance in to take work while Consul is away past its deadline", async () => {
  const scenario = new Launches({ join: { timeoutSeconds: 200, breaker: { abandons: 2 } } });
  await scenario.clock.advance(10);
  scenario.cluster.consul.faults.set("away");
  const ids = scenario.launch(5);
  await scenario.clock.advance(400);
  const states = ids.map((id) => scenario.lifecycleState(id));
  expect(states.filter((state) => state === "InService")).toHaveLength(3);
  const { nodes } = scenario.cluster.nomad.state;
  const takesWork = [...nodes.values()].filter(({ eligible }) => eligible).map(({ name }) => name);
  expect(takesWork).toEqual(scenario.instances);
  scenario.cluster.consul.faults.clear();
  const abandoned = ids.filter((id) => scenario.lifecycleState(id) !== "InService");
  await scenario.clock.advance(600);
  for (const id of abandoned) expect(scenario.traces(id)).toEqual([]);
});

it("abandons no more than the breaker allows while Nomad is away past the deadline", async () => {
  const scenario = new Launches({ join: { timeoutSeconds: 200, breaker: { abandons: 2 } } });
  await scenario.clock.advance(10);
  scenario.cluster.nomad.faults.set("away");
  const ids = scenario.launch(5);
  await scenario.clock.advance(3_000);
  expect(scenario.metric(METRICS.joinAbandoned)).toBe(2);
  const waiting = ids.filter((id) => scenario.lifecycleState(id) === "Pending:Wait");
  expect(waiting).toHaveLength(3);
  scenario.cluster.nomad.faults.clear();
  for (const id of waiting) expect(await scenario.finished(id, 7_200)).toBe("let-in-unproven");
  for (const id of waiting) expect(scenario.lifecycleState(id)).toBe("InService");
});

it("lets forty in at the rate at which Parameter Store takes writes", async () => {
  const scenario = new Launches({ aws: { parameterWrites: PUT_PARAMETER_RATE } });
  const ids = scenario.launch(40);
  for (const id of ids) expect(await scenario.finished(id, 900)).toBe("joined");
  expect(scenario.cluster.vault.secretIds().filter(({ numUses }) => numUses > 0)).toEqual([]);
});
