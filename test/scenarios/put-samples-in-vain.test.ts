import { describe, expect, it } from "vitest";
import { UserError } from "../../bin/cli/failure.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { TIMINGS } from "../../lambdas/contracts/timings.ts";
import { plusSeconds } from "../../local/clock.ts";
import type { HealOptions } from "../helpers/heal-world.ts";
import { SAMPLE_FILES } from "../helpers/put-sample.ts";
import { SampleWorld } from "../helpers/sample-world.ts";
import { GROUP } from "../helpers/scenario.ts";

const DAY = 86_400;
const SPOT: HealOptions = { group: { template: { spot: true } } };
const REPLACING: HealOptions = {
  config: { groups: [{ name: GROUP, events: { rebalance: "replace" } }] },
};

/** What AWS says nothing of, what the work ends as, and why; undefined: there is none. */
const DISBELIEVED: readonly [string, HealOptions, string | undefined, RegExp][] = [
  ["spot-interruption.json", {}, "cancelled", /it is no Spot instance/],
  ["rebalance.json", REPLACING, "cancelled", /it is no Spot instance/],
  ["rebalance.json", SPOT, "ignored", /the group's policy is to ignore that/],
  ["state-change.json", {}, "cancelled", /its group says InService/],
  ["health.json", {}, "cancelled", /EC2 has nothing scheduled for it/],
  ["status-alarm.json", {}, "recovered", /nothing is wrong with it/],
  ["command-result.json", {}, undefined, /^$/],
];

describe("a sample about an instance of which AWS says otherwise changes nothing", () => {
  it.each(DISBELIEVED)("%s, with %j: %s", async (file, options, outcome, why) => {
    const world = await SampleWorld.start(options);
    await world.put(file);
    await world.clock.advance(70);
    const { finished } = (await world.record()) ?? {};
    expect(finished?.outcome).toBe(outcome);
    expect(finished?.why ?? "").toMatch(why);
    world.expectUntouched();
    expect(world.deadLetters()).toEqual([]);
  });

  it("capacity-interruption.json: its time has passed", async () => {
    const world = await SampleWorld.start();
    const set = { "detail.instance-termination-time": "2025-12-31T23:59:00Z" };
    await expect(world.put("capacity-interruption.json", { set })).rejects.toThrow(
      "detail.instance-termination-time: 2025-12-31T23:59:00Z has passed",
    );
    await world.put("capacity-interruption.json", { set, check: false });
    await world.clock.advance(70);
    expect((await world.record())?.finished?.outcome).toBe("cancelled");
    world.expectUntouched();
  });

  it("instance-refresh.json: the group is none of Drover's", async () => {
    const world = await SampleWorld.start();
    await world.put("instance-refresh.json", { set: { "detail.AutoScalingGroupName": "web" } });
    expect(world.ports.findings).toEqual([]);
    expect(world.sweeping.metric(METRICS.notOurs)).toBe(1);
  });
});

it("samples as they are, of another account, do nothing, whatever AWS says of the instance", async () => {
  const world = await SampleWorld.start({ ...SPOT, instances: SAMPLE_FILES.length });
  const notBefore = plusSeconds(world.clock.now(), 10 * DAY);
  world.aws.ec2.scheduleAll(world.instances, { code: "instance-retirement", notBefore });
  const account = "123456789012";
  const outcomes: Record<string, string | undefined> = {};
  for (const [n, file] of SAMPLE_FILES.entries()) {
    const about = world.instances[n] ?? "";
    await world.put(file, { about, account });
    outcomes[file] = (await world.record(about))?.finished?.outcome;
  }
  expect(outcomes).toEqual({
    ...Object.fromEntries(SAMPLE_FILES.map((file) => [file, "not-ours"])),
    "command-result.json": undefined,
    "instance-refresh.json": undefined,
  });
  expect(world.ports.findings).toEqual([]);
  world.expectUntouched();
});

it("a Health event of another account does nothing for several instances, nor for none", async () => {
  const world = await SampleWorld.start();
  const notBefore = plusSeconds(world.clock.now(), 10 * DAY);
  world.aws.ec2.scheduleAll(world.instances, { code: "instance-retirement", notBefore });
  const account = "123456789012";
  const several = { "detail.affectedEntities.1.entityValue": world.instances[1] ?? "" };
  await world.put("health.json", { account, set: several });
  await world.put("health.json", { account, about: "UNKNOWN" });
  expect(world.nodes.all()).toEqual([]);
  expect(world.ports.findings).toEqual([]);
  expect(world.metric(METRICS.notOurs)).toBe(2);
});

/** What is wrong with a sample, what of it the CLI names, and in whose dead letters it ends. */
const WRONG: readonly [string, string, string, string][] = [
  ["spot-interruption.json", "detail.instance-action", "reboot", "drain-client"],
  ["rebalance.json", "detail.instance-id", "web-1", "drain-client"],
  ["capacity-interruption.json", "detail.instance-termination-time", "soon", "drain-client"],
  ["state-change.json", "detail.state", "running", "drain-client"],
  ["health.json", "detail.startTime", "in a week", "drain-client"],
  ["status-alarm.json", "detail.state.value", "BROKEN", "heal-node"],
  ["command-result.json", "detail.command-id", "", "heal-node"],
  ["instance-refresh.json", "detail.InstanceRefreshId", "", "sweep"],
  ["spot-interruption.json", "detail-type", "EC2 Spot Instance Invention", "drain-client"],
  ["instance-refresh.json", "detail-type", "EC2 Auto Scaling Instance Refresh Lost", "sweep"],
  ["health.json", "source", "aws.wealth", "drain-client"],
];

it("what is unknown or malformed is refused by its field; put all the same, it is one dead letter", async () => {
  const world = await SampleWorld.start();
  for (const [file, field, value] of WRONG) {
    const set = { [field]: value };
    const refusal = world.put(file, { set });
    await expect(refusal).rejects.toThrow(UserError);
    await expect(refusal).rejects.toThrow(new RegExp(`^${file}: ([\\w-]+, )?${field}`));
    await world.put(file, { set, check: false });
  }
  await world.clock.advance(TIMINGS.maxReceiveCount * TIMINGS.visibilityTimeoutSeconds + 60);
  expect(world.deadLetters().sort()).toEqual(WRONG.map(([, , , flow]) => flow).sort());
  expect(world.nodes.all()).toEqual([]);
  world.expectUntouched();
});
