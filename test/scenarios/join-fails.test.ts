import { describe, expect, it } from "vitest";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { modelConsulPort } from "../../local/consul/port.ts";
import type { Failure, MachineImage } from "../../local/machines/image.ts";
import { Launches } from "../helpers/launches.ts";
import { GROUP } from "../helpers/scenario.ts";

const TIMEOUT_SECONDS = 300;
const join = { timeoutSeconds: TIMEOUT_SECONDS };

const consulPort = ({ cluster }: Launches) => modelConsulPort(cluster.consul);

/** The first machine fails so, and those that replace it do not. */
const firstFails = (failure: Failure): MachineImage => ({
  failure: (number) => (number === 2 ? failure : undefined),
});

const abandonedFor = async (scenario: Launches) => {
  const id = scenario.launchOne();
  const outcome = await scenario.finished(id, 3_600);
  return { id, outcome, why: (await scenario.record(id))?.finished?.why };
};

describe("an instance is abandoned, and replaced by one that works, when", () => {
  const careless = { clientIntroduction: { enforcement: "none" } } as const;
  it.each<{ name: string; failure: Failure; why: string; join?: object }>([
    {
      name: "it never boots",
      failure: { kind: "never-boots" },
      why: "not reported a login at Vault",
    },
    { name: "its agent never starts", failure: { kind: "no-nomad" }, why: "Nomad has no node" },
    {
      name: "it is in the wrong pool",
      failure: { kind: "wrong-pool", nodePool: "elsewhere" },
      why: "the Nomad node is in pool elsewhere and should be in default",
    },
    {
      name: "its agent has the wrong version",
      failure: { kind: "wrong-version", version: "1.9.7" },
      why: "the Nomad agent is 1.9.7 and should be 2.0",
      join: { nomadVersion: "2.0" },
    },
    {
      name: "it has no Consul agent",
      failure: { kind: "no-consul" },
      why: "Consul has no agent of this instance",
    },
    {
      name: "Nomad is ready but Consul critical",
      failure: { kind: "consul-critical" },
      why: "checks of the Consul node do not pass: disk critical",
    },
  ])("$name", async ({ failure, why, join: more }) => {
    const image = firstFails(failure);
    const scenario = new Launches({ image, join: { ...join, ...more }, aws: careless });
    const { id, outcome, why: said } = await abandonedFor(scenario);
    expect(outcome).toBe("abandoned");
    expect(said).toContain(why);
    expect(scenario.traces(id)).toEqual([]);
    expect(scenario.cluster.aws.ec2.get(id).state).toBe("terminated");
    const replacement = scenario.members().find((each) => !scenario.instances.includes(each));
    expect(await scenario.finished(replacement)).toBe("joined");
    expect(scenario.metric(METRICS.joinAbandoned)).toBe(1);
    expect(scenario.metric(METRICS.joinBreakerOpen)).toBe(0);
  });
});

it("is not deceived by an agent that Serf hears and whose token is wrong", async () => {
  const scenario = new Launches({ image: {}, join });
  const id = scenario.launchOne();
  await scenario.until(() => scenario.traces(id).includes("a Consul token"));
  const { consul } = scenario.cluster;
  await consulPort(scenario).revokeNodeToken(NodeId.parse(id));
  await scenario.until(() => consul.nodes().some(({ name }) => name === id));
  await scenario.clock.advance(60);
  expect(
    consul
      .nodes()
      .find(({ name }) => name === id)
      ?.checks.get("serfHealth")?.status,
  ).toBe("passing");
  expect(scenario.lifecycleState(id)).toBe("Pending:Wait");
  expect((await scenario.record(id))?.waiting?.why).toContain("its token is missing or wrong");
});

it("waits for a check that recovers in time", async () => {
  const failure = { kind: "consul-critical", recoversAfterSeconds: 120 } as const;
  const scenario = new Launches({ image: { failure }, join });
  const id = scenario.launchOne();
  expect(await scenario.finished(id)).toBe("joined");
  expect(await scenario.history(id)).toContain("waits: checks of the Consul node do not pass");
});

it("tells what was missing, how the console ends and how the SSM agent is", async () => {
  const scenario = new Launches({ image: firstFails({ kind: "no-nomad" }), join });
  const { id } = await abandonedFor(scenario);
  const news = scenario.ports.told.find(({ nodeId }) => nodeId === id);
  expect(news).toMatchObject({ outcome: "abandoned", group: GROUP });
  expect(news?.why).toContain("Nomad has no node of this instance");
  expect(news?.seen).toEqual([
    expect.stringMatching(/^its SSM agent .*is Online, heard \d+ s ago$/),
    expect.stringContaining("nomad.service"),
  ]);
  expect(await scenario.history(id)).toEqual(expect.arrayContaining([...(news?.seen ?? [])]));
});

it("revokes what the instance was given before it is let go", async () => {
  const scenario = new Launches({ image: firstFails({ kind: "no-nomad" }), join });
  let tracesAtTheEnd: string[] = [];
  const id = scenario.launchOne();
  scenario.cluster.aws.ec2.onStateChange((instance) => {
    if (instance.id === id && instance.state === "shutting-down") {
      tracesAtTheEnd = scenario.traces(id);
    }
  });
  await scenario.finished(id, 3_600);
  // The report stays until it is gone: it may yet have to name a token.
  expect(tracesAtTheEnd).toEqual(["a Consul node", "a parameter"]);
});

it("ends an instance that is terminated while it still joins, and leaves nothing of it", async () => {
  const scenario = new Launches({ image: { bootSeconds: 200 }, join });
  const id = scenario.launchOne();
  await scenario.until(() => scenario.traces(id).includes("a parameter"));
  scenario.scaleIn(id);
  await scenario.until(async () => (await scenario.record(id))?.flow === "drain-client");
  expect(await scenario.finished(id)).toBe("never-joined");
  expect(scenario.traces(id)).toEqual([]);
});

it("does not take another machine's client for its own, whatever that says", async () => {
  const scenario = new Launches({ image: { bootSeconds: 100 }, join });
  const id = scenario.launchOne();
  const { nomad } = scenario.cluster;
  const introductionToken = nomad.introductions?.issue(scenario.first, "default", 300);
  const liar = nomad.addNode({ name: scenario.first, instanceId: id, introductionToken });
  expect(await scenario.finished(id)).toBe("joined");
  expect((await scenario.record(id))?.nomadNodeId).not.toBe(liar.id);
  expect(await scenario.left(id)).toBe("drained");
  expect(nomad.node(liar.id)).toMatchObject({ status: "ready", eligible: true });
});

it("drains an instance that is terminated in the middle of the pass that lets it in", async () => {
  let terminate: (() => void) | undefined;
  const scenario = new Launches({
    join,
    ports: (ports) => ({
      ...ports,
      nomad: {
        ...ports.nomad,
        setEligibility: async (nodeId, eligible) => {
          if (eligible) terminate?.();
          if (eligible) await scenario.clock.advance(20);
          return ports.nomad.setEligibility(nodeId, eligible);
        },
      },
    }),
  });
  const id = scenario.launchOne();
  terminate = () => {
    terminate = undefined;
    scenario.scaleIn(id);
  };
  await scenario.until(async () => (await scenario.record(id))?.flow === "drain-client");
  expect(await scenario.finished(id)).toBe("drained");
  expect(scenario.traces(id)).toEqual([]);
});

describe("credentials that somebody else has fetched", () => {
  it("raise the alarm, are revoked at once, and the instance is replaced", async () => {
    const image = firstFails({ kind: "introduction-intercepted" });
    const scenario = new Launches({ image, join });
    const { id, outcome, why } = await abandonedFor(scenario);
    expect(outcome).toBe("abandoned");
    expect(why).toContain("somebody else unwrapped its secret id");
    expect(scenario.metric(METRICS.introductionIntercepted)).toBe(1);
    expect(scenario.traces(id)).toEqual([]);
    const record = await scenario.record(id);
    const took = (record?.finished?.at.getTime() ?? 0) - (record?.createdAt.getTime() ?? 0);
    expect(took / 1_000).toBeLessThan(TIMEOUT_SECONDS);
  });
});
