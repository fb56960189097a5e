import { afterAll, beforeAll, expect, it } from "vitest";
import { historyUntil, wholeHistory } from "./world/drover-cli.ts";
import { expectAllDone } from "./world/queues.ts";
import { startWorld, type World } from "./world/world.ts";

const SICK = "i-0000000000051c001";
const WELL = "i-0000000000051c002";

let world: World;

beforeAll(async () => {
  world = await startWorld({ instances: [SICK, WELL] });
});

afterAll(() => world?.stop());

it("finds out what is wrong, restarts a dead agent by Systems Manager, and sees that it helped", async () => {
  const { cluster } = world;
  const { ec2, alarms, runCommand } = cluster.aws;
  const node = () => cluster.nomad.node(cluster.nodeId(SICK));
  // The machine's check fails for a while, and the agent does not outlive that.
  await cluster.killAgent(SICK, "nomad");
  await expect.poll(() => node()?.status, { timeout: 60_000 }).toBe("down");
  alarms.put({ instanceId: SICK, metric: "StatusCheckFailed_Instance", evaluationPeriods: 1 });
  ec2.impair(SICK, "instance");
  await historyUntil(SICK, /^instance-impaired: EC2's instance check fails/);
  ec2.recover(SICK);

  const told = await wholeHistory(SICK);
  expect(told).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^nomad-down: .*Systems Manager reaches the machine/),
      "ordered a restart of nomad by Systems Manager",
      expect.stringMatching(/^the restart of its agents has ended well .*== nomad is active/s),
    ]),
  );
  expect(told.at(-1)).toMatch(/^finished, recovered: .*after a restart of its agents/);
  expect(node()).toMatchObject({ status: "ready", eligible: true });
  expect(runCommand.list().map(({ instanceId }) => instanceId)).toEqual([SICK]);
  expect([...world.members()].sort()).toEqual([SICK, WELL]);
  await expectAllDone("heal-node");
}, 300_000);
