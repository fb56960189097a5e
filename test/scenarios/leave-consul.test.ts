import { describe, expect, it } from "vitest";
import type { ConfigInput } from "../../lambdas/contracts/config.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { LAUNCH_HOOK, Launches, TERMINATE_HOOK, WHOLE_CLUSTER } from "../helpers/launches.ts";
import { GROUP } from "../helpers/scenario.ts";

const HOST_NAMES: Partial<ConfigInput> = {
  ...WHOLE_CLUSTER,
  nodeNames: "host-name",
  groups: [{ name: GROUP }],
};

async function joined(options?: ConstructorParameters<typeof Launches>[0]) {
  const scenario = new Launches(options);
  const id = scenario.launchOne();
  expect(await scenario.finished(id)).toBe("joined");
  await scenario.clock.advance(30);
  return { scenario, id };
}

const inConsul = (scenario: Launches, id: string) =>
  scenario.cluster.consul.nodes().some(({ name }) => name === id);

describe("a node that is gone", () => {
  it("is taken out of Consul again when its agent comes back from a network split", async () => {
    const { scenario, id } = await joined();
    scenario.scaleIn(id);
    await scenario.until(() => scenario.cluster.aws.ec2.get(id).state === "terminated");
    await scenario.cluster.machines.resurface(id, 120);
    expect(await scenario.finished(id, 3_600)).toBe("drained");
    expect(inConsul(scenario, id)).toBe(false);
    await scenario.clock.advance(600);
    expect(scenario.traces(id)).toEqual([]);
    expect(await scenario.history(id)).toContain(`removed node ${id} from Consul again`);
  });

  it("is cleaned up in the other systems while Consul is away, and in Consul when it is back", async () => {
    const { scenario, id } = await joined();
    scenario.cluster.consul.faults.set("away");
    scenario.scaleIn(id);
    await scenario.clock.advance(600);
    expect(scenario.traces(id)).toEqual(["a Consul node", "a Consul token"]);
    scenario.cluster.consul.faults.clear();
    expect(await scenario.finished(id)).toBe("drained");
    expect(scenario.traces(id)).toEqual([]);
  });

  it("is left to an operator after an hour in which a system did not answer", async () => {
    const { scenario, id } = await joined();
    scenario.cluster.vault.faults.set("sealed");
    expect(await scenario.left(id, 7_200)).toBe("drained");
    expect((await scenario.record(id))?.finished?.why).toMatch(
      /in the end this is left behind: .*Vault/,
    );
    expect(scenario.metric(METRICS.leftBehind)).toBe(1);
    const told = scenario.ports.told.at(-1);
    expect(told?.why).toContain("left behind");

    // As the runbook says: once Vault answers, the event is put again under another token.
    scenario.cluster.vault.faults.clear();
    const event = JSON.parse(scenario.events.at(-1) ?? "{}");
    event.detail.LifecycleActionToken = "again";
    event.time = scenario.clock.now().toISOString();
    scenario.queues.queue.send(JSON.stringify(event));
    await scenario.until(() => scenario.traces(id).length === 0, 600);
  });

  it("is told from the node that has its host's name by now", async () => {
    const { scenario, id } = await joined({ config: HOST_NAMES });
    const name = (await scenario.record(id))?.consulNode?.name ?? "";
    expect(name).toMatch(/^ip-10-/);
    scenario.scaleIn(id);
    await scenario.until(() => scenario.cluster.aws.ec2.get(id).state === "shutting-down");
    const { consul } = scenario.cluster;
    consul.leaveAgent(name);
    await scenario.clock.advance(3);
    const meta = { instance_id: "i-00000000000009999" };
    consul.startAgent({ name, meta, token: consul.managementToken });
    expect(await scenario.finished(id)).toBe("drained");
    expect(consul.nodes().map((node) => node.name)).toContain(name);
    expect(await scenario.history(id)).toContain(
      `Consul's node ${name} is of i-00000000000009999 by now and is left alone`,
    );
  });

  it("is found in Consul by its host's name, which EC2 does not tell any more", async () => {
    const failure = (number: number) =>
      number === 2 ? ({ kind: "consul-critical" } as const) : undefined;
    const scenario = new Launches({
      config: { ...HOST_NAMES, groups: [{ name: GROUP, join: { timeoutSeconds: 120 } }] },
      image: { failure },
    });
    const id = scenario.launchOne();
    expect(await scenario.finished(id, 3_600)).toBe("abandoned");
    const { privateIpAddress } = scenario.cluster.aws.ec2.get(id);
    const name = `ip-${privateIpAddress.replaceAll(".", "-")}`;
    expect(scenario.cluster.consul.nodes().map((node) => node.name)).not.toContain(name);
    const tokens = scenario.cluster.consul.tokens();
    expect(tokens.some(({ description }) => description.includes(id))).toBe(false);
  });

  it("is removed from Serf's members as well, not from the catalog alone", async () => {
    const { scenario, id } = await joined();
    expect(await scenario.left(id)).toBe("drained");
    expect(scenario.cluster.consul.members.agents.get(id)?.status).toBe("left");
  });
});

it("revokes the token an instance joined with, whatever it reports afterwards", async () => {
  const { scenario, id } = await joined();
  scenario.cluster.aws.roleOf(id).overwrite(`/drover/nodes/${id}/report`, "rubbish");
  expect(await scenario.left(id)).toBe("drained");
  expect(scenario.traces(id)).toEqual([]);
});

it("cleans up after an instance that another tool's hook has held for hours", async () => {
  const other = {
    name: "ship-logs",
    transition: "terminating",
    heartbeatTimeoutSeconds: 7_200,
  } as const;
  const { scenario, id } = await joined({ hooks: [LAUNCH_HOOK, TERMINATE_HOOK, other] });
  expect(await scenario.left(id, 20_000)).toBe("drained");
  expect(scenario.traces(id)).toEqual([]);
});

it("does not revoke a Vault token that an instance has reported and that is not its own", async () => {
  const { scenario, id } = await joined();
  const other = scenario.launchOne();
  await scenario.finished(other);
  const { vault, aws } = scenario.cluster;
  const accessor = vault.ofNode(other).tokens[0]?.accessor;
  const report = JSON.stringify({ vaultTokenAccessor: accessor });
  aws.roleOf(id).overwrite(`/drover/nodes/${id}/report`, report);
  expect(await scenario.left(id)).toBe("drained");
  expect(vault.ofNode(other).tokens.map((token) => token.accessor)).toEqual([accessor]);
});
