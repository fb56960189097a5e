import { expect, it } from "vitest";
import { Scenario } from "../helpers/scenario.ts";

it("empties a node before its instance is let go, and cleans up behind it", async () => {
  const scenario = new Scenario();
  const { nomad, aws, killed } = scenario.cluster;
  nomad.registerJob({ id: "web", count: 3, stopTakesSeconds: 3 });
  nomad.registerJob({ id: "agent", type: "system", stopTakesSeconds: 2 });
  nomad.registerJob({ id: "report", type: "batch", count: 2, runsSeconds: 60 });
  await scenario.clock.advance(30);
  const nodeId = scenario.cluster.nodeId(scenario.first);
  expect(scenario.cluster.running(scenario.first).length).toBeGreaterThan(1);

  scenario.scaleIn();

  expect(await scenario.finished()).toBe("drained");
  expect(killed).toEqual([]);
  expect(aws.ec2.find(scenario.first)?.state).toBe("terminated");
  expect(nomad.node(nodeId)).toBeUndefined();
  expect(nomad.state.jobs.size).toBe(3);
  expect(scenario.queues.queue.bodies()).toEqual([]);
  expect(scenario.queues.deadLetters.bodies()).toEqual([]);
});
