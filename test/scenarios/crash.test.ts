import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Crashes } from "../helpers/crash.ts";
import { expectDrainNeverExtended, expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { FEW_LOOKS, PROPERTY } from "../helpers/runs.ts";
import { Scenario } from "../helpers/scenario.ts";

/** Scales one instance in while the function dies after given port calls; the end must be the same. */
async function drainThrough(crashes: Crashes, seed = 1): Promise<void> {
  const scenario = new Scenario({
    ports: crashes.ports,
    invoke: crashes.invoke,
    seed,
    drain: FEW_LOOKS,
  });
  const { aws, killed, nomad } = scenario.cluster;
  const nodeId = scenario.cluster.nodeId(scenario.first);
  await scenario.startWork();
  scenario.scaleIn();

  expect(await scenario.finished()).toBe("drained");
  await scenario.clock.advance(1_000);
  expect(killed).toEqual([]);
  expect(scenario.witness.completions).toHaveLength(1);
  expect(aws.ec2.find(scenario.first)?.state).toBe("terminated");
  expect(nomad.node(nodeId)).toBeUndefined();
  expectDrainNeverExtended(scenario);
  expect(scenario.drainEnds()).toHaveLength(1);
  expect(scenario.witness.drainsBegun.get(nodeId)).toBe(1);
  expectQueuesEmpty(scenario);
}

describe("the function dies", () => {
  it("after any single call, and the work ends as if it had not", async () => {
    for (let call = 1; ; call++) {
      const crashes = new Crashes(call);
      await drainThrough(crashes);
      if (crashes.deaths === 0) break;
    }
  });

  it("twice, in any cluster, and the work ends as if it had not", async () => {
    const call = fc.integer({ min: 1, max: 120 });
    const cluster = fc.integer({ min: 1, max: 1_000 });
    await fc.assert(
      fc.asyncProperty(call, call, cluster, (first, second, seed) =>
        drainThrough(new Crashes(first, first + second), seed),
      ),
      PROPERTY,
    );
  });

  it("again and again on one message, which then waits in the dead-letter queue", async () => {
    const everyCall = Array.from({ length: 5 }, (_, i) => i + 1);
    const crashes = new Crashes(...everyCall);
    const scenario = new Scenario({ ports: crashes.ports, invoke: crashes.invoke });
    await scenario.startWork();
    const { eventBridge } = scenario.cluster.aws;
    eventBridge.delivery = ({ source }) => (source === "aws.ec2" ? [] : [0]);
    scenario.scaleIn();
    await scenario.clock.advance(1_000);
    expect(scenario.queues.queue.bodies()).toEqual([]);
    expect(scenario.queues.deadLetters.bodies()).toEqual(scenario.events);
  });
});
