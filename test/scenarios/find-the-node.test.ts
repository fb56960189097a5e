import { expect, it } from "vitest";
import { expectDrained, expectQueuesEmpty, secondsBetween } from "../helpers/expect-drained.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

it("lets an instance go at once that never joined Nomad", async () => {
  const id = "i-00000000000000aaa";
  const scenario = new Scenario({ group: { instances: [id], withoutNode: [id] } });
  scenario.scaleIn();
  const leftAt = scenario.clock.now();

  expect(await scenario.finished()).toBe("never-joined");
  expect(secondsBetween(leftAt, scenario.letGoAt())).toBeLessThan(5);
  expect(scenario.witness.completions).toHaveLength(1);
  expectQueuesEmpty(scenario);
});

it.each([
  [
    "meta.instance_id",
    ({ id }: { id: string }) => ({ name: "client-7", meta: { instance_id: id } }),
  ],
  ["its name, which is the instance id", ({ id }: { id: string }) => ({ name: id })],
  [
    "its name, which is the host's",
    ({ privateDnsName }: { privateDnsName: string }) => ({ name: privateDnsName }),
  ],
  [
    "its name, which is the host's short one",
    ({ privateDnsName }: { privateDnsName: string }) => ({
      name: privateDnsName.split(".")[0] ?? "",
    }),
  ],
])("finds the node by %s", async (_how, client) => {
  const scenario = new Scenario({ group: { client } });
  await scenario.startWork();
  scenario.scaleIn();
  await scenario.finished();
  await expectDrained(scenario);
  expect(scenario.cluster.nomad.state.nodes.size).toBe(2);
});

it("drains the living one of an instance's two nodes and purges both", async () => {
  const scenario = new Scenario();
  const { cluster } = scenario;
  const older = cluster.nodeId(scenario.first);
  cluster.reinstallAgent(scenario.first);
  await scenario.until(() => cluster.nomad.node(older)?.status === "down");
  await scenario.startWork();
  expect(cluster.running(scenario.first).length).toBeGreaterThan(0);

  scenario.scaleIn();
  await scenario.finished();
  await expectDrained(scenario);
  expect(cluster.nomad.node(older)).toBeUndefined();
  expect(cluster.nomad.state.nodes.size).toBe(2);
});

it("purges an instance's older node although Nomad misses it only later", async () => {
  const scenario = new Scenario();
  const { cluster } = scenario;
  const older = cluster.nodeId(scenario.first);
  cluster.reinstallAgent(scenario.first);
  scenario.scaleIn();
  await scenario.finished();
  await expectDrained(scenario);
  expect(cluster.nomad.node(older)).toBeUndefined();
});

it("never takes the node of another instance", async () => {
  const [first, second] = ["i-00000000000000aaa", "i-00000000000000bbb"];
  // The second instance's agent was given the first one's name.
  const client = ({ id }: { id: string }) => ({ instanceId: id, name: first });
  const scenario = new Scenario({
    group: { instances: [first, second], client, withoutNode: [first] },
  });
  await scenario.startWork();
  scenario.scaleIn(first);
  expect(await scenario.finished(first)).toBe("never-joined");
  expect(scenario.node(second)).toMatchObject({ eligible: true, drain: null });
  expect(scenario.cluster.aws.autoScaling.group(GROUP).members.has(second)).toBe(true);
});
