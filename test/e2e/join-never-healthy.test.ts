import { afterAll, beforeAll, expect, it } from "vitest";
import { historyUntil } from "./world/drover-cli.ts";
import { HASTY_GROUP, HASTY_JOIN_SECONDS } from "./world/names.ts";
import { NOTHING, tracesOf } from "./world/traces.ts";
import { startWorld, type World } from "./world/world.ts";

let world: World;
/** The instances of which Auto Scaling gave up the launch. */
const abandoned: string[] = [];
/** What was left of each in that moment, which is when another one is launched in its place. */
const left = new Map<string, ReturnType<typeof tracesOf>>();

beforeAll(async () => {
  const image = {
    bootSeconds: 2,
    failure: (number: number) =>
      number === 1 ? ({ kind: "consul-critical" } as const) : undefined,
  };
  const launches = { image, idsFrom: 0x10150000 };
  world = await startWorld({ instances: [], group: HASTY_GROUP, launches });
  world.cluster.aws.eventBridge.onEvent(({ "detail-type": type, detail }) => {
    if (type !== "EC2 Instance Launch Unsuccessful") return;
    const { EC2InstanceId } = detail as { EC2InstanceId: string };
    abandoned.push(EC2InstanceId);
    left.set(EC2InstanceId, tracesOf(EC2InstanceId));
  });
});

afterAll(() => world?.stop());

it("abandons an instance that never becomes healthy, once, and takes its credentials back first", async () => {
  const launchedAt = Date.now();
  const sick = await world.launch();
  // It was let in at OpenBao and at Consul.
  await expect
    .poll(() => tracesOf(sick), { timeout: 60_000 })
    .toMatchObject({
      consulNodes: [sick],
      consulTokens: [{}],
      tokens: [expect.any(String)],
    });

  await expect.poll(() => abandoned, { timeout: 90_000 }).toEqual([sick]);
  expect(Date.now() - launchedAt).toBeGreaterThan(HASTY_JOIN_SECONDS * 1_000);
  // Its agent lives on until EC2 ends the machine, and until then it may have a login to report.
  expect(await left.get(sick)).toEqual({
    ...NOTHING,
    consulNodes: [sick],
    parameters: [{ name: `/drover/nodes/${sick}/report`, version: 2 }],
  });

  const [replacement] = world.members().filter((id) => id !== sick);
  await expect
    .poll(() => world.lifecycleState(replacement ?? ""), { timeout: 60_000 })
    .toBe("InService");
  const told = await historyUntil(sick, /^finished, abandoned/);
  expect(told.filter((text) => text.endsWith("ABANDON"))).toHaveLength(1);
  expect(told).toContainEqual(expect.stringMatching(/checks of the Consul node .*disk critical/));

  await expect.poll(() => tracesOf(sick), { timeout: 60_000 }).toEqual(NOTHING);
  expect(abandoned).toEqual([sick]);
});
