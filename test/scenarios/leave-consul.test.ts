import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { Launches } from "../helpers/launches.ts";

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
      /after an hour this is left behind: .*Vault/,
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

  it("leaves the node alone that has its host's name by now", async () => {
    const { scenario, id } = await joined();
    scenario.scaleIn(id);
    await scenario.until(() => scenario.cluster.aws.ec2.get(id).state === "shutting-down");
    const { consul } = scenario.cluster;
    consul.leaveAgent(id);
    await scenario.clock.advance(3);
    const meta = { instance_id: "i-00000000000009999" };
    consul.startAgent({ name: id, meta, token: consul.managementToken });
    expect(await scenario.finished(id)).toBe("drained");
    expect(inConsul(scenario, id)).toBe(true);
    expect(await scenario.history(id)).toContain(
      `Consul's node ${id} is i-00000000000009999's by now and is left alone`,
    );
  });
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
