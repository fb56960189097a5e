import fc from "fast-check";
import { expect, it } from "vitest";
import { plusSeconds } from "../../local/clock.ts";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { PROPERTY } from "../helpers/runs.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

const KINDS = ["rebalance", "spot", "hook"] as const;
type Kind = (typeof KINDS)[number];

/** When each of three things befalls one instance, and how its events arrive. */
const troubles = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  order: fc.shuffledSubarray([...KINDS], { minLength: 3 }),
  pauses: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 3, maxLength: 3 }),
  deliveries: fc.array(fc.array(fc.constantFrom(0, 0, 1, 7, 20), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 4,
  }),
  stopTakesSeconds: fc.integer({ min: 0, max: 25 }),
  hasHook: fc.boolean(),
});

it("makes one drain of a recommendation, a warning and a hook, in any order", async () => {
  await fc.assert(
    fc.asyncProperty(troubles, async ({ seed, order, pauses, deliveries, ...rest }) => {
      const scenario = new Scenario({
        seed,
        group: { template: { spot: true }, ...(!rest.hasHook && { hooks: [] }) },
        config: { groups: [{ name: GROUP, events: { rebalance: "replace" } }] },
      });
      const { clock, cluster } = scenario;
      const { stopTakesSeconds } = rest;
      cluster.nomad.registerJob({ id: "web", count: 3, stopTakesSeconds });
      cluster.nomad.registerJob({ id: "agent", type: "system", stopTakesSeconds });
      await clock.advance(30);
      let events = 0;
      cluster.aws.eventBridge.delivery = () => deliveries[events++ % deliveries.length] ?? [0];
      const deadlines: Date[] = [];
      const befall = (kind: Kind) => {
        if (scenario.lifecycleState() !== "InService") return;
        if (kind === "rebalance") cluster.aws.ec2.recommendRebalance(scenario.first);
        else if (kind === "hook" && rest.hasHook) scenario.scaleIn();
        else if (kind === "spot") cluster.aws.ec2.interruptSpot(scenario.first);
      };
      let at = clock.now();
      for (const [i, kind] of order.entries()) {
        at = plusSeconds(at, pauses[i] ?? 0);
        clock.at(at, () => befall(kind));
      }
      const watch = async () => {
        const record = await scenario.record();
        if (record && !record.finished) deadlines.push(record.deadlineAt);
        return false;
      };
      await clock.until(watch, 1_200).catch(() => undefined);

      const record = await scenario.record();
      // Work by choice gets its time when its turn comes.
      const turnEnds = () => {
        const begun = scenario.witness.drainBegunAt.get(cluster.nodeId(scenario.first));
        return reasons[0] === "rebalance" && begun ? [begun.getTime() + 900_000] : [];
      };
      expect(record?.finished).toBeDefined();
      expect(cluster.killed).toEqual([]);
      const nodeId = cluster.nodeId(scenario.first);
      expect(scenario.witness.drainsBegun.get(nodeId)).toBe(1);
      const completed = scenario.witness.completions.map(({ hook }) => hook);
      expect(completed).toEqual(rest.hasHook ? ["drover-terminate"] : []);
      // It only ever moved earlier, and came to the earliest that anybody asked for.
      const asked = record?.intents.map(({ deadlineAt }) => deadlineAt.getTime()) ?? [];
      const reasons = record?.intents.map(({ reason }) => reason) ?? [];
      if (reasons.some((reason) => reason !== "rebalance")) {
        expect(record?.deadlineAt.getTime()).toBe(Math.min(...asked, ...turnEnds()));
      }
      expect(deadlines).toEqual(deadlines.toSorted((a, b) => b.getTime() - a.getTime()));
      expect(scenario.node()).toBeUndefined();
      expectQueuesEmpty(scenario);
    }),
    PROPERTY,
  );
});
