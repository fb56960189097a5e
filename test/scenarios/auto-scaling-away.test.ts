import { it } from "vitest";
import { expectDrained, expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { Scenario } from "../helpers/scenario.ts";

const DESCRIBE = "autoscaling:DescribeAutoScalingInstances";
const HOOKS = "autoscaling:DescribeLifecycleHooks";

it.each([
  ["throttles the describe calls", DESCRIBE, "throttle"],
  ["is broken down for describe calls", DESCRIBE, "breakDown"],
  ["denies the describe calls", DESCRIBE, "deny"],
  ["throttles the reading of hooks", HOOKS, "throttle"],
  ["denies the reading of hooks", HOOKS, "deny"],
] as const)(
  "Auto Scaling %s for six minutes: the hook outlives that",
  async (_how, call, fault) => {
    const scenario = new Scenario();
    const { nomad } = scenario.cluster;
    nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 500 });
    await scenario.startWork();
    await scenario.scaleInAndBegin();
    scenario.cluster.aws.faults[fault](call);
    await scenario.clock.advance(360);
    scenario.cluster.aws.faults.heal();

    await scenario.finished();
    await expectDrained(scenario);
    expectQueuesEmpty(scenario);
  },
);
