import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { BY_CHOICE } from "../../lambdas/contracts/by-choice.ts";
import { Hint } from "../../lambdas/contracts/hint.ts";
import { GroupName, NodeId } from "../../lambdas/contracts/ids.ts";
import { plusSeconds } from "../../local/clock.ts";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { Launches } from "../helpers/launches.ts";
import { PROPERTY } from "../helpers/runs.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

const KINDS = ["rebalance", "spot", "hook", "health", "replace"] as const;
type Kind = (typeof KINDS)[number];
type Deliveries = readonly (readonly number[])[];

const REASONS: Readonly<Record<Kind, string>> = {
  rebalance: "rebalance",
  spot: "spot-interruption",
  hook: "terminate-hook",
  health: "health",
  replace: "replace",
};
const TEN_DAYS = 864_000;

/** When each thing befalls an instance, and how its events arrive. */
const arrivals = (pause: number, ...delays: number[]) => ({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  pauses: fc.array(fc.integer({ min: 0, max: pause }), { minLength: 5, maxLength: 5 }),
  deliveries: fc.array(fc.array(fc.constantFrom(...delays), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 4,
  }),
});

/** Lets one of these befall an instance. @returns whether it could. */
function befall(scenario: Scenario, id: string, kind: Kind): boolean {
  const { ec2 } = scenario.cluster.aws;
  if (ec2.get(id).state !== "running") return false;
  if (kind === "rebalance") ec2.recommendRebalance(id);
  if (kind === "spot") ec2.interruptSpot(id);
  if (kind === "replace") askToReplace(scenario, id);
  if (kind === "health") {
    const notBefore = plusSeconds(scenario.clock.now(), TEN_DAYS);
    ec2.schedule(id, { code: "instance-retirement", notBefore });
  }
  if (kind !== "hook") return true;
  if (scenario.lifecycleState(id) === "InService") scenario.scaleIn(id);
  return true;
}

/** As heal-node does. */
function askToReplace({ clock, queues }: Scenario, id: string): void {
  const hint = {
    key: `replace/${id}`,
    reason: "replace",
    group: GroupName.parse(GROUP),
    occurredAt: clock.now(),
    why: "it did not heal",
  } as const;
  queues.queue.send(JSON.stringify(z.encode(Hint, { nodeId: NodeId.parse(id), hint })));
}

function deliverAs(scenario: Scenario, deliveries: Deliveries): void {
  let events = 0;
  scenario.cluster.aws.eventBridge.delivery = () => deliveries[events++ % deliveries.length] ?? [0];
}

/** Lets a series of things befall an instance, each so many seconds after the one before. */
function befallInTurn(
  scenario: Scenario,
  id: string,
  order: readonly Kind[],
  pauses: readonly number[],
): Kind[] {
  const befallen: Kind[] = [];
  let at = scenario.clock.now();
  for (const [i, kind] of order.entries()) {
    at = plusSeconds(at, pauses[i] ?? 0);
    scenario.clock.at(at, () => {
      if (befall(scenario, id, kind)) befallen.push(kind);
    });
  }
  return befallen;
}

interface Trouble {
  readonly seed: number;
  readonly order: readonly Kind[];
  readonly pauses: readonly number[];
  readonly deliveries: Deliveries;
  readonly stopTakesSeconds: number;
  readonly hasHook: boolean;
}

/** Of whatever befalls an instance in service becomes one drain, by the earliest deadline. */
async function expectOneDrain({ order, pauses, hasHook, stopTakesSeconds, ...rest }: Trouble) {
  const scenario = new Scenario({
    seed: rest.seed,
    group: { template: { spot: true }, ...(!hasHook && { hooks: [] }) },
    config: { groups: [{ name: GROUP, events: { rebalance: "replace" } }] },
  });
  const { clock, cluster } = scenario;
  cluster.nomad.registerJob({ id: "web", count: 3, stopTakesSeconds });
  cluster.nomad.registerJob({ id: "agent", type: "system", stopTakesSeconds });
  await clock.advance(30);
  deliverAs(scenario, rest.deliveries);
  const deadlines: Date[] = [];
  const befallen = befallInTurn(scenario, scenario.first, order, pauses);
  const watch = async () => {
    const record = await scenario.record();
    if (record && !record.finished) deadlines.push(record.deadlineAt);
    return false;
  };
  await clock.until(watch, 1_500).catch(() => undefined);

  const record = await scenario.record();
  expect(record?.finished?.outcome).toBe("drained");
  expect(cluster.killed).toEqual([]);
  const nodeId = cluster.nodeId(scenario.first);
  expect(scenario.witness.drainsBegun.get(nodeId)).toBe(1);
  const completed = scenario.witness.completions.map(({ hook }) => hook);
  expect(completed).toEqual(hasHook ? ["drover-terminate"] : []);
  const intents = record?.intents ?? [];
  // Work by choice gets its time when its turn comes.
  const begun = scenario.witness.drainBegunAt.get(nodeId);
  const isChosen = intents[0] && BY_CHOICE.has(intents[0].reason);
  const turnEnds = isChosen && begun ? [begun.getTime() + 900_000] : [];
  // It only ever moved earlier, and came to the earliest that anybody asked for.
  const asked = intents.map(({ deadlineAt }) => deadlineAt.getTime());
  if (intents.some(({ reason }) => !BY_CHOICE.has(reason))) {
    expect(record?.deadlineAt.getTime()).toBe(Math.min(...asked, ...turnEnds));
  }
  expect(deadlines).toEqual(deadlines.toSorted((a, b) => b.getTime() - a.getTime()));
  expect(scenario.node()).toBeUndefined();
  expectQueuesEmpty(scenario);
  return { befallen, reasons: intents.map(({ reason }) => reason) };
}

describe("an instance in service has one drain", () => {
  const orders = [
    ["rebalance", "spot", "hook"],
    ["rebalance", "hook", "spot"],
    ["spot", "rebalance", "hook"],
    ["spot", "hook", "rebalance"],
    ["hook", "rebalance", "spot"],
    ["hook", "spot", "rebalance"],
  ] as const;

  it.each(orders)("of %s, %s and %s, all of which are heard", async (...order) => {
    const stopTakesSeconds = fc.integer({ min: 14, max: 25 });
    const trouble = fc.record({ ...arrivals(5, 0, 0, 1, 3), stopTakesSeconds });
    const check = fc.asyncProperty(trouble, async (each) => {
      const { befallen, reasons } = await expectOneDrain({ ...each, order, hasHook: true });
      expect(befallen).toEqual(order);
      for (const kind of order) expect(reasons).toContain(REASONS[kind]);
    });
    await fc.assert(check, { ...PROPERTY, numRuns: Math.ceil(PROPERTY.numRuns / 4) });
  });

  it("of these, a scheduled change and healing that gives up, in any order", async () => {
    const trouble = fc.record({
      ...arrivals(40, 0, 0, 1, 7, 20),
      order: fc.shuffledSubarray([...KINDS], { minLength: KINDS.length }),
      stopTakesSeconds: fc.integer({ min: 0, max: 25 }),
      hasHook: fc.boolean(),
    });
    const check = fc.asyncProperty(trouble, async (each) => {
      const order = each.order.filter((kind) => kind !== "hook" || each.hasHook);
      const { befallen } = await expectOneDrain({ ...each, order });
      expect(befallen.length).toBeGreaterThan(0);
    });
    // Here the hook is heard of in the pass that begins the drain.
    const order: Kind[] = ["health", "rebalance", "replace", "hook", "spot"];
    const [pauses, deliveries] = [
      [0, 5, 0, 0, 4],
      [[1], [0]],
    ];
    const inPass = { seed: 1, order, pauses, deliveries, stopTakesSeconds: 0, hasHook: true };
    await fc.assert(check, { ...PROPERTY, examples: [[inPass]] });
  });
});

describe("an instance that joins", () => {
  const trouble = fc.record({
    ...arrivals(20, 0, 0, 1, 7, 20),
    order: fc.shuffledSubarray(["rebalance", "health"] as const, { minLength: 1 }),
    isIgnored: fc.boolean(),
  });

  it("has joined whatever would replace it by choice, and is replaced afterwards if at all", async () => {
    const check = fc.asyncProperty(trouble, async ({ seed, deliveries, isIgnored, ...rest }) => {
      const action = isIgnored ? "ignore" : "replace";
      const scenario = new Launches({
        seed,
        group: { instances: 3, template: { spot: true } },
        config: { groups: [{ name: GROUP, events: { rebalance: action, health: { action } } }] },
      });
      await scenario.startWork();
      deliverAs(scenario, deliveries);
      const id = scenario.launchOne();
      const { ec2 } = scenario.cluster.aws;
      await scenario.until(() => ec2.get(id).state === "running");
      const befallen = befallInTurn(scenario, id, rest.order, rest.pauses);
      if (!isIgnored) scenario.clock.at(scenario.clock.now(), () => askToReplace(scenario, id));
      await scenario.clock.advance(1_500);

      expect(befallen).toEqual(rest.order);
      const of = (flow: string) =>
        scenario.ports.told.filter((each) => each.nodeId === id && each.flow === flow);
      expect(of("join-client").map(({ outcome }) => outcome)).toEqual(["joined"]);
      expect(scenario.lifecycleState(id)).toBe(isIgnored ? "InService" : undefined);
      if (isIgnored) expect(scenario.node(id)).toMatchObject({ status: "ready", eligible: true });
      expect(scenario.cluster.killed).toEqual([]);
      expect(scenario.members()).toHaveLength(4);
      expectQueuesEmpty(scenario);
    });
    await fc.assert(check, PROPERTY);
  });
});
