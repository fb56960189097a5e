import { afterAll, beforeAll, expect, it } from "vitest";
import { drover, wholeHistory } from "./world/drover-cli.ts";
import { expectAllDone } from "./world/queues.ts";
import { startWorld, type World } from "./world/world.ts";

const LEAVING = "i-00000000000053ee1";
const STAYING = "i-00000000000053ee2";
/** Its schedule, the tenth of a minute by which the emulator looks at schedules, and its work. */
const FOUND_WITHIN_SECONDS = 85;

let world: World;

beforeAll(async () => {
  world = await startWorld({ instances: [LEAVING, STAYING], relaysEvents: false });
  const { nomad } = world.cluster;
  nomad.registerJob({ id: "orders", type: "system", stopTakesSeconds: 5, killTimeoutSeconds: 60 });
});

afterAll(() => world?.stop());

it("finds a hook of which no event has told, and everything takes its course", async () => {
  const { cluster, witness } = world;
  await expect.poll(() => cluster.running(LEAVING).length, { timeout: 30_000 }).toBe(1);

  await world.terminate(LEAVING);
  await expect
    .poll(inWork, { timeout: FOUND_WITHIN_SECONDS * 1_000, interval: 1_000 })
    .toMatchObject([
      {
        nodeId: LEAVING,
        flow: "drain-client",
        intents: [
          {
            reason: "terminate-hook",
            found:
              "it is Terminating:Wait, and no event told that it waits at hook drover-terminate",
          },
        ],
      },
    ]);

  const told = await wholeHistory(LEAVING);
  expect(told).toEqual(
    expect.arrayContaining([
      expect.stringMatching("^drained the node, until"),
      "empty: every allocation has stopped",
      "completed hook drover-terminate with CONTINUE",
      expect.stringMatching("^purged Nomad node"),
      expect.stringMatching("^finished, drained"),
    ]),
  );
  const lastStopAt = witness.lastStopAt.get(cluster.nodeId(LEAVING))?.getTime();
  expect(witness.letGoAt.get(LEAVING)?.getTime()).toBeGreaterThan(lastStopAt ?? Infinity);
  expect(cluster.killed).toEqual([]);
  expect(cluster.aws.ec2.get(LEAVING).state).toBe("terminated");
  expect(cluster.nomad.node(cluster.nodeId(STAYING))?.eligible).toBe(true);
  for (const name of ["sweep", "drain-client"] as const) {
    await expectAllDone(name);
  }
}, 240_000);

async function inWork(): Promise<unknown> {
  const { stdout, stderr } = await drover(["status", "--json"]);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}
