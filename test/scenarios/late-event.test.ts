import { expect, it } from "vitest";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { Scenario } from "../helpers/scenario.ts";

it("an event that comes after its deadline still leaves tasks their kill timeout", async () => {
  const scenario = new Scenario({
    group: {
      hooks: [
        { name: "drover-terminate", transition: "terminating", heartbeatTimeoutSeconds: 3_600 },
      ],
    },
    drain: { timeoutSeconds: 900, killMarginSeconds: 45 },
  });
  const { aws, nomad, killed } = scenario.cluster;
  nomad.registerJob({ id: "orders", count: 3, stopTakesSeconds: 20, killTimeoutSeconds: 25 });
  nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 7_200 });
  await scenario.clock.advance(30);
  aws.eventBridge.delivery = () => [16 * 60];
  scenario.scaleIn();

  expect(await scenario.finished()).toBe("drained");
  expect(killed).toEqual([]);
  expectQueuesEmpty(scenario);
});
