import { expect, it } from "vitest";
import { GROUP, Scenario } from "../helpers/scenario.ts";

it("leaves the hook of another tool to that tool, whichever event comes first", async () => {
  const hook = { transition: "terminating" as const, heartbeatTimeoutSeconds: 3_600 };
  const scenario = new Scenario({
    group: {
      hooks: [
        { ...hook, name: "ship-logs" },
        { ...hook, name: "drover-terminate" },
      ],
    },
    config: { groups: [{ name: GROUP, terminateHooks: ["drover-terminate"] }] },
  });
  const { aws, nomad, killed } = scenario.cluster;
  nomad.registerJob({ id: "agent", type: "system", stopTakesSeconds: 3 });
  scenario.scaleIn();
  const hooks = () => aws.autoScaling.waitings(scenario.first).map((waiting) => waiting.hook.name);
  await scenario.until(() => hooks().length === 1);

  expect(hooks()).toEqual(["ship-logs"]);
  expect(scenario.cluster.running(scenario.first)).toEqual([]);
  await scenario.clock.advance(600);
  expect(hooks()).toEqual(["ship-logs"]);

  aws.autoScaling.complete(
    { group: GROUP, hook: "ship-logs", instanceId: scenario.first },
    "CONTINUE",
  );
  expect(await scenario.finished()).toBe("drained");
  expect(killed).toEqual([]);
});
