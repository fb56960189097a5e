import { afterAll, beforeAll, expect, it } from "vitest";
import { wholeHistory } from "./world/drover-cli.ts";
import { expectAllDone } from "./world/queues.ts";
import { startWorld, type World } from "./world/world.ts";

const TAKEN = "i-000000000000590f1";
const STAYING = "i-000000000000590f2";
/** From the warning until EC2 takes the instance. */
const WARNING_SECONDS = 120;

let world: World;

beforeAll(async () => {
  const groupSettings = { template: { spot: true }, hooks: [] };
  world = await startWorld({ instances: [TAKEN, STAYING], groupSettings });
  const { nomad } = world.cluster;
  nomad.registerJob({ id: "web", count: 2, migrate: { minHealthySeconds: 1 } });
  nomad.registerJob({ id: "orders", type: "system", stopTakesSeconds: 10, killTimeoutSeconds: 30 });
});

afterAll(() => world?.stop());

it("empties a Spot instance that has no hook before EC2 takes it, and clears it away then", async () => {
  const { cluster, witness } = world;
  const nodeId = cluster.nodeId(TAKEN);
  await expect.poll(() => cluster.running(TAKEN).length, { timeout: 30_000 }).toBe(2);

  const warnedAt = Date.now();
  cluster.aws.ec2.interruptSpot(TAKEN);
  const told = await wholeHistory(TAKEN);
  expect(told).toEqual(
    expect.arrayContaining([
      "marked the node ineligible",
      expect.stringMatching("^drained the node, until"),
      "empty: every allocation has stopped",
      expect.stringMatching("^purged Nomad node"),
      expect.stringMatching("^finished, drained"),
    ]),
  );
  const takenAt = witness.letGoAt.get(TAKEN)?.getTime() ?? Number.NaN;
  expect(takenAt - warnedAt).toBeGreaterThan((WARNING_SECONDS - 1) * 1_000);
  const emptyAt = witness.lastStopAt.get(nodeId)?.getTime() ?? Number.NaN;
  expect(emptyAt).toBeLessThan(warnedAt + (WARNING_SECONDS / 2) * 1_000);
  expect(cluster.killed).toEqual([]);
  expect(cluster.nomad.node(nodeId)).toBeUndefined();
  expect(cluster.nomad.node(cluster.nodeId(STAYING))).toMatchObject({
    status: "ready",
    eligible: true,
  });
  await expectAllDone("drain-client");
}, 240_000);
