import { expect, it } from "vitest";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import { expectDrained, expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { aroundPortCalls } from "../helpers/port-calls.ts";
import { FEW_LOOKS } from "../helpers/runs.ts";
import { Scenario } from "../helpers/scenario.ts";

/** Calls `interrupt` once, in the middle of a pass: right before or after its n-th port call. */
function interrupting(n: number, when: "before" | "after", interrupt: () => Promise<void>) {
  let calls = 0;
  const hit = { so: false };
  const ports = (inner: Ports): Ports =>
    aroundPortCalls(inner, async (carryOut) => {
      calls += 1;
      const isNow = calls === n;
      if (isNow) hit.so = true;
      if (isNow && when === "before") await interrupt();
      const result = await carryOut();
      if (isNow && when === "after") await interrupt();
      return result;
    });
  return { ports, hit };
}

it.each(["before", "after"] as const)(
  "is one drain when another copy of the event is worked on %s any step of a pass",
  async (when) => {
    for (let n = 1; ; n++) {
      const race = interrupting(n, when, () => scenario.deliver(scenario.events[0] ?? ""));
      const scenario: Scenario = new Scenario({ ports: race.ports, drain: FEW_LOOKS });
      await scenario.startWork();
      scenario.scaleIn();
      await scenario.finished();
      await scenario.clock.advance(500);
      await expectDrained(scenario);
      expect(scenario.drainEnds()).toHaveLength(1);
      expectQueuesEmpty(scenario);
      if (!race.hit.so) break;
    }
  },
);

it("completes both hooks when the second one's event comes in the middle of any step", async () => {
  for (let n = 1; ; n++) {
    let second = "";
    const race = interrupting(n, "after", () => scenario.deliver(second));
    const hooks = ["drover-terminate", "save-logs"].map((name) => ({
      name,
      transition: "terminating" as const,
      heartbeatTimeoutSeconds: 600,
    }));
    const scenario: Scenario = new Scenario({
      ports: race.ports,
      group: { hooks },
      drain: FEW_LOOKS,
    });
    // The second hook's event comes by the race, and late by its own way.
    scenario.cluster.aws.eventBridge.delivery = (event) => {
      const text = JSON.stringify(event);
      if (!text.includes("save-logs")) return [0];
      second = text;
      return [45];
    };
    await scenario.startWork();
    scenario.scaleIn();
    await scenario.finished();
    await scenario.clock.advance(500);
    await expectDrained(scenario, scenario.first, ["drover-terminate", "save-logs"]);
    expectQueuesEmpty(scenario);
    if (!race.hit.so) break;
  }
});

it("follows a tick once when two copies of it race for the lease", async () => {
  const scenario = new Scenario();
  await scenario.startWork();
  scenario.queues.queue.duplicateNext(1_000);
  scenario.scaleIn();
  await scenario.finished();
  await scenario.clock.advance(60);
  await expectDrained(scenario);
  expect(scenario.drainEnds()).toHaveLength(1);
  expect((await scenario.history()).filter((text) => text.startsWith("drained"))).toHaveLength(1);
  expectQueuesEmpty(scenario);
});
