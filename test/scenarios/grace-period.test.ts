import { expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { Launches, WHOLE_CLUSTER } from "../helpers/launches.ts";
import { GROUP } from "../helpers/scenario.ts";

const GRACE_SECONDS = 600;

async function launched() {
  const scenario = new Launches({
    group: {
      instances: 3,
      template: { spot: true },
      healthCheckGraceSeconds: GRACE_SECONDS,
    },
    config: {
      ...WHOLE_CLUSTER,
      groups: [{ name: GROUP, events: { rebalance: "replace" } }],
    },
  });
  await scenario.startWork();
  const id = scenario.launchOne();
  await scenario.finished(id);
  await scenario.until(() => scenario.lifecycleState(id) === "InService");
  scenario.cluster.aws.ec2.recommendRebalance(id);
  return { scenario, id };
}

it("replaces an instance that is drained within its health check grace period when that is over", async () => {
  const { scenario, id } = await launched();
  await scenario.until(() => scenario.node(id)?.lastDrain?.status === "complete", 300);
  expect(scenario.lifecycleState(id)).toBe("InService");
  await scenario.until(() => scenario.lifecycleState(id) === undefined, GRACE_SECONDS + 900);

  expect(await scenario.finished(id)).toBe("drained");
  expect(scenario.node(id)).toBeUndefined();
  expect(scenario.members()).toHaveLength(4);
  expect(scenario.metric(METRICS.leftOver)).toBe(0);
  const told = (await scenario.history(id)).filter((text) => text.startsWith("told Auto Scaling"));
  expect(told).toHaveLength(1);
});

it("does not tell Auto Scaling again what would end an instance without a successor", async () => {
  const { scenario, id } = await launched();
  await scenario.until(() => scenario.node(id)?.lastDrain?.status === "complete", 300);
  await scenario.clock.advance(60);
  scenario.cluster.aws.autoScaling.suspendProcesses(GROUP, ["Launch"]);
  await scenario.clock.advance(GRACE_SECONDS + 600);
  expect(scenario.lifecycleState(id)).toBe("InService");

  scenario.cluster.aws.autoScaling.resumeProcesses(GROUP, ["Launch"]);
  await scenario.until(() => scenario.lifecycleState(id) === undefined, 900);
  expect(scenario.members()).toHaveLength(4);
});
