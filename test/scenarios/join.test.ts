import { expect, it } from "vitest";
import { Launches } from "../helpers/launches.ts";

it("lets a new instance in when it is a trusted, working member, and not before", async () => {
  const scenario = new Launches();
  const id = scenario.launchOne();
  let stateWhenEligible: string | undefined;
  scenario.cluster.nomad.onChange((change) => {
    if (change.kind !== "node" || change.node.name !== id || !change.node.eligible) return;
    stateWhenEligible ??= scenario.lifecycleState(id);
  });
  expect(await scenario.finished(id)).toBe("joined");
  await scenario.clock.advance(5);
  expect(scenario.lifecycleState(id)).toBe("InService");
  expect(stateWhenEligible).toBe("Pending:Wait");
  expect(scenario.node(id)).toMatchObject({ status: "ready", eligible: true });
  expect(scenario.traces(id)).toEqual([
    "a Nomad node",
    "a Consul node",
    "a Consul token",
    "a Vault token",
    "a parameter",
    "a parameter",
  ]);
  expect(await scenario.record(id)).toMatchObject({
    nomadNodeId: scenario.cluster.nodeId(id),
    consulNode: { name: id },
  });
  expect(await scenario.history(id)).toEqual([
    expect.stringMatching("^its introduction holds .* Nomad's, a Consul token .* Vault's$"),
    "handed it its introduction",
    "waits: the instance has not reported a login at Vault",
    "the instance has logged in to Vault",
    "waits: Nomad has no node of this instance",
    expect.stringMatching("^the Nomad node is ready"),
    expect.stringMatching("^the Consul agent is alive"),
    expect.stringMatching(
      "^added metadata to Consul's node .*: life_cycle=on-demand, provider=aws",
    ),
    "made the node eligible",
    "completed hook drover-launch with CONTINUE",
    "finished, joined: it is a working member of the cluster",
  ]);
});

it("leaves nothing of it behind when it goes", async () => {
  const scenario = new Launches();
  const id = scenario.launchOne();
  await scenario.finished(id);
  await scenario.clock.advance(60);
  scenario.scaleIn(id);
  await scenario.clock.advance(5);
  expect(await scenario.finished(id)).toBe("drained");
  expect(scenario.traces(id)).toEqual([]);
  const told = scenario.ports.told.filter(({ nodeId }) => nodeId === id);
  expect(told.map(({ outcome }) => outcome)).toEqual(["joined", "drained"]);
});

it("needs no search of Nomad's to drain a node that it let in", async () => {
  const scenario = new Launches();
  const id = scenario.launchOne();
  await scenario.finished(id);
  const known = await scenario.record(id);
  scenario.scaleIn(id);
  await scenario.until(async () => (await scenario.record(id))?.flow === "drain-client");
  expect(await scenario.record(id)).toMatchObject({
    nomadNodeId: known?.nomadNodeId,
    consulNode: known?.consulNode,
  });
});

it("lets ten in at once, each with one set of credentials of its own", async () => {
  const scenario = new Launches();
  const ids = scenario.launch(10);
  for (const id of ids) expect(await scenario.finished(id)).toBe("joined");
  const { consul, vault } = scenario.cluster;
  for (const id of ids) {
    expect(scenario.traces(id).filter((trace) => trace === "a Consul token")).toHaveLength(1);
    expect(scenario.lifecycleState(id)).toMatch(/Pending:Proceed|InService/);
  }
  expect(vault.secretIds().filter(({ metadata }) => metadata.instance_id)).toEqual([]);
  expect(new Set(consul.tokens().map(({ secretId }) => secretId)).size).toBe(
    consul.tokens().length,
  );
});

it("keeps a slow instance's hook alive", async () => {
  const scenario = new Launches({ image: { bootSeconds: 700 } });
  const id = scenario.launchOne();
  expect(await scenario.finished(id)).toBe("joined");
  const history = await scenario.history(id);
  expect(history.filter((text) => text.startsWith("sent a heartbeat")).length).toBeGreaterThan(3);
});

it("joins without an introduction token where Nomad makes none", async () => {
  const scenario = new Launches({ aws: { clientIntroduction: false } });
  const id = scenario.launchOne();
  expect(await scenario.finished(id)).toBe("joined");
  expect(await scenario.history(id)).toContain(
    "Nomad is older than 1.11 and makes no introduction tokens: it joins without one",
  );
});

it("joins without Consul and Vault where there are none", async () => {
  const scenario = new Launches({
    image: { consul: false, introductionPath: false },
    aws: { clientIntroduction: { enforcement: "none" } },
    config: { consul: undefined, vault: undefined, introduction: undefined },
  });
  const id = scenario.launchOne();
  expect(await scenario.finished(id)).toBe("joined");
  expect(scenario.traces(id)).toEqual(["a Nomad node"]);
});

it("completes every launch hook it waits at, and leaves other tools' alone", async () => {
  const hook = (name: string) => ({ name, transition: "launching" as const });
  const scenario = new Launches({
    hooks: [hook("drover-launch"), hook("drover-second"), hook("inventory")],
    config: {
      groups: [{ name: "nomad-clients", launchHooks: ["drover-launch", "drover-second"] }],
    },
  });
  const id = scenario.launchOne();
  expect(await scenario.finished(id)).toBe("joined");
  expect(scenario.lifecycleState(id)).toBe("Pending:Wait");
  const waitings = scenario.cluster.aws.autoScaling.waitings(id);
  expect(waitings.map(({ hook: { name } }) => name)).toEqual(["inventory"]);
});
