import { expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { HealWorld } from "../helpers/heal-world.ts";

it("restarts a dead Nomad agent, and the node is well again", async () => {
  const world = new HealWorld();
  await world.kill(world.first, "nomad");
  expect(await world.healed(world.first, 300)).toBe("recovered");
  expect(world.node(world.first)).toMatchObject({ status: "ready", eligible: true });
  expect(world.restarts().map(({ instanceId }) => instanceId)).toEqual([world.first]);
  expect(world.restarts()[0]?.parameters).toEqual({ Units: ["consul nomad"] });
  expect(world.metric(METRICS.restarted)).toBe(1);
  expect(world.metric(METRICS.healReplaced)).toBe(0);
});

it("tells in the journal what each source said, what was done, and what the command wrote", async () => {
  const world = new HealWorld();
  await world.kill(world.first, "nomad");
  await world.healed(world.first, 300);
  const history = (await world.history()).join("\n");
  expect(history).toMatch(
    /nomad-down: Nomad does not hear its agent any more\. Systems Manager reaches/,
  );
  expect(history).toMatch(/ {2}EC2 +running, on-demand, in /);
  expect(history).toMatch(/ {2}status checks +system ok, instance ok/);
  expect(history).toMatch(/ {2}SSM agent +Online, heard \d+ s ago/);
  expect(history).toMatch(/ {2}Nomad +down since .*, pool default/);
  expect(history).toMatch(/ {2}Consul +serfHealth passing/);
  expect(history).toMatch(/ordered a restart of consul, nomad by Systems Manager/);
  expect(history).toMatch(
    /has ended well \(command .*\); it wrote:\n== consul is active\n== nomad is active/,
  );
  expect(history).toMatch(/finished, recovered: nomad-down since .*: well again, after a restart/);
});

it("does nothing to a node on which nothing is wrong", async () => {
  const world = new HealWorld();
  expect(await world.healed(world.first, 60)).toBe("recovered");
  expect(world.restarts()).toEqual([]);
  expect((await world.record())?.finished?.why).toBe("nothing is wrong with it");
});

it("leaves a node ineligible that was", async () => {
  const world = new HealWorld();
  const { nomad } = world.cluster;
  const node = nomad.node(world.cluster.nodeId(world.first));
  if (!node) throw new Error("there is no node");
  nomad.writes.setEligibility(node, false);
  await world.kill(world.first, "nomad");
  expect(await world.healed(world.first, 300)).toBe("recovered");
  expect(world.node(world.first)).toMatchObject({ status: "ready", eligible: false });
});

it("restarts no agent of a node that came back before the second look", async () => {
  const world = new HealWorld();
  await world.kill(world.first, "nomad");
  world.hint(world.first);
  await world.clock.advance(10);
  world.start(world.first, "nomad");
  expect(await world.finished(world.first, 300)).toBe("recovered");
  expect(world.restarts()).toEqual([]);
});

it("restarts once within the window, over several works", async () => {
  const world = new HealWorld({ heal: { replace: false, restartWindowSeconds: 3_600 } });
  const begin = world.clock.now();
  for (let round = 0; round < 4; round++) {
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.clock.advance(300);
    if (world.node(world.first)?.status !== "ready") world.start(world.first, "nomad");
    await world.finished(world.first, 900);
  }
  expect(world.since(begin)).toBeLessThan(3_600);
  expect(world.restarts()).toHaveLength(1);
  await world.clock.advance(3_600);
  await world.kill(world.first, "nomad");
  expect(await world.healed(world.first, 300)).toBe("recovered");
  expect(world.restarts()).toHaveLength(2);
});

it("restarts a dead Consul agent", async () => {
  const world = new HealWorld();
  await world.kill(world.first, "consul");
  expect(await world.healed(world.first, 300)).toBe("recovered");
  expect(world.restarts()).toHaveLength(1);
  expect((await world.history()).join("\n")).toMatch(
    /consul-failed: .*\n(.*\n)*.*Consul +serfHealth critical/,
  );
});

it("restarts nothing in observe mode, and says what it would", async () => {
  const world = new HealWorld();
  world.control.turn("observe");
  await world.kill(world.first, "nomad");
  expect(await world.healed(world.first, 1_800)).toBe("reported");
  expect(world.restarts()).toEqual([]);
  expect(world.lifecycleState()).toBe("InService");
  expect(world.ports.budget.holders("default")).toEqual([]);
  const history = await world.history();
  expect(history).toContain("would have ordered a restart of consul, nomad by Systems Manager");
  expect(history).toContain("would have handed it over to be drained and replaced");
});
