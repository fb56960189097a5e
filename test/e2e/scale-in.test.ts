import { afterAll, beforeAll, expect, it } from "vitest";
import { drover, wholeHistory } from "./world/drover-cli.ts";
import { messagesLeft } from "./world/queues.ts";
import { startWorld, type World } from "./world/world.ts";

const LEAVING = "i-0000000000005ca1e";
const STAYING = "i-0000000000005ca1f";
/** So long that a hook completed on any other grounds than an empty node is caught. */
const STOP_SECONDS = 20;

let world: World;

beforeAll(async () => {
  world = await startWorld({ instances: [LEAVING, STAYING] });
  const { nomad } = world.cluster;
  nomad.registerJob({ id: "web", count: 2, migrate: { minHealthySeconds: 1 } });
  nomad.registerJob({
    id: "orders",
    type: "system",
    stopTakesSeconds: STOP_SECONDS,
    killTimeoutSeconds: 60,
  });
});

afterAll(() => world?.stop());

it("empties a node before its instance ends, and tells so", async () => {
  const { cluster, witness } = world;
  const nodeId = cluster.nodeId(LEAVING);
  await expect.poll(() => cluster.running(LEAVING).length, { timeout: 30_000 }).toBe(2);

  await world.terminate(LEAVING);
  await expect.poll(() => cluster.nomad.node(nodeId)?.eligible, { timeout: 30_000 }).toBe(false);
  await expect
    .poll(inWork, { timeout: 30_000, interval: 500 })
    .toMatchObject([
      { nodeId: LEAVING, group: "nomad-clients", waiting: { step: "wait until empty" } },
    ]);

  const told = await wholeHistory(LEAVING);
  expect(told).toEqual([
    expect.stringContaining("the Nomad node is"),
    "marked the node ineligible",
    expect.stringMatching("^waits: .* before it drains"),
    expect.stringMatching("^drained the node, until"),
    "waits: allocations have not stopped yet",
    expect.stringMatching("^web.* has stopped: complete"),
    expect.stringMatching("^orders.* has stopped: complete"),
    "empty: every allocation has stopped",
    "completed hook drover-terminate with CONTINUE",
    "waits: EC2 has not terminated the instance yet",
    expect.stringMatching("^waits: the instance is gone, but Nomad has not missed its agent"),
    expect.stringMatching("^purged Nomad node"),
    expect.stringMatching("^finished, drained"),
  ]);
  expect(cluster.killed).toEqual([]);
  const lastStopAt = witness.lastStopAt.get(nodeId);
  expect(witness.letGoAt.get(LEAVING)?.getTime()).toBeGreaterThan(
    lastStopAt?.getTime() ?? Infinity,
  );
  expect(cluster.aws.ec2.get(LEAVING).state).toBe("terminated");
  expect(cluster.nomad.node(nodeId)).toBeUndefined();
  expect(cluster.nomad.node(cluster.nodeId(STAYING))?.eligible).toBe(true);
  expect(await inWork()).toEqual([]);
  expect(await messagesLeft()).toEqual({ queue: 0, deadLetters: 0 });
});

async function inWork(): Promise<unknown> {
  const printed = await drover(["status", "--json"]);
  expect(printed).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(printed.stdout);
}
