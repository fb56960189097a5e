import { afterAll, beforeAll, expect, it } from "vitest";
import { history, wholeHistory } from "./world/drover-cli.ts";
import { messagesLeft } from "./world/queues.ts";
import { putToken } from "./world/secrets.ts";
import { goodToken, startWorld, type World } from "./world/world.ts";

const LEAVING = "i-000000000000bad01";
const WRONG_TOKEN = "11111111-2222-3333-4444-555555555555";

let world: World;

beforeAll(async () => {
  world = await startWorld({ instances: [LEAVING], nomadToken: WRONG_TOKEN });
  world.cluster.nomad.registerJob({ id: "web", type: "system", stopTakesSeconds: 2 });
});

afterAll(() => world?.stop());

it("tells what is wrong with Nomad and how to put it right, and then goes on", async () => {
  await expect.poll(() => world.cluster.running(LEAVING), { timeout: 30_000 }).toHaveLength(1);

  const bringBack = await world.cutNomadOff();
  await world.terminate(LEAVING);
  await toldOf(/GET \/v1\/nodes: no answer .* Check nomad\.address/);

  await bringBack();
  await toldOf(/Nomad answered 403 .*nomad\.tokenSecret.* it needs node \{ policy = "write" \}/);
  expect(world.witness.letGoAt.get(LEAVING)).toBe(undefined);

  await putToken(goodToken(world.cluster));
  const told = await wholeHistory(LEAVING);
  expect(told.at(-1)).toMatch(/^finished, drained/);
  expect(told.join("\n")).not.toContain(WRONG_TOKEN);
  expect(world.cluster.killed).toEqual([]);
  expect(await messagesLeft()).toEqual({ queue: 0, deadLetters: 0 });
});

/** Waits until the journal has such a line. */
async function toldOf(text: RegExp): Promise<void> {
  const told = async () => (await history(LEAVING)).map((line) => line.text);
  await expect
    .poll(told, { timeout: 60_000, interval: 1_000 })
    .toContainEqual(expect.stringMatching(text));
}
