import { describe, expect, test } from "vitest";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import type { ModelNode } from "../../local/nomad/node.ts";
import { type Timeline, timeline } from "../helpers/nomad-recording.ts";

/** The recorder looked at least once a second; more than that is not explained by its looking. */
const TOLERANCE_SECONDS = 1.5;

type Happenings = Map<string, number>;

/** What happened in a recording, and how many seconds after its beginning it was seen. */
function recorded({ timeline: looks }: Timeline): Happenings {
  const seen: Happenings = new Map();
  const start = looks[0]?.at ?? 0;
  for (const { at, node, allocations } of looks) {
    const facts = allocations.flatMap(([job, , desired, status]) => [
      ...(desired === "stop" ? [`${job} told to stop`] : []),
      ...(["complete", "lost"].includes(status) ? [`${job} ${status}`] : []),
    ]);
    if (node.LastDrain === "complete" && !node.Drain) facts.push("drain complete");
    if (node.Status === "down") facts.push("node down");
    for (const fact of facts) if (!seen.has(fact)) seen.set(fact, at - start);
  }
  // What was so at the first look happened before.
  return new Map([...seen].filter(([, at]) => at > 0));
}

/** The same of the model, from now on. */
function follow(model: NomadModel, node: ModelNode): Happenings {
  const seen: Happenings = new Map();
  const start = model.state.now();
  const note = (fact: string, at: Date) => {
    if (!seen.has(fact)) seen.set(fact, (at.getTime() - start.getTime()) / 1_000);
  };
  model.onChange((change) => {
    if (change.kind === "node") {
      if (change.node !== node) return;
      if (!node.drain && node.lastDrain?.status === "complete") note("drain complete", change.at);
      if (node.status === "down") note("node down", change.at);
      return;
    }
    const { allocation } = change;
    if (allocation.nodeId !== node.id) return;
    const { id } = allocation.job;
    if (allocation.desiredStatus === "stop") note(`${id} told to stop`, change.at);
    if (["complete", "lost"].includes(allocation.clientStatus)) {
      note(`${id} ${allocation.clientStatus}`, change.at);
    }
  });
  return seen;
}

function expectSameCourse(model: Happenings, real: Happenings): void {
  expect([...model.keys()].sort()).toEqual([...real.keys()].sort());
  for (const [fact, at] of real) {
    for (const [later, laterAt] of real) {
      if (at < laterAt)
        expect
          .soft(model.get(fact), `${fact} before ${later}`)
          .toBeLessThanOrEqual(model.get(later) ?? 0);
    }
    expect
      .soft(Math.abs((model.get(fact) ?? 0) - at), `${fact} after ${at} s`)
      .toBeLessThan(TOLERANCE_SECONDS);
  }
}

/** The recordings' cluster with its jobs, all of them on the first node. */
async function cluster(options: {
  settleSeconds: number;
  late: readonly ("slow" | "web" | "w")[];
}) {
  const clock = new VirtualClock();
  const model = new NomadModel(clock);
  const node = model.addNode({ name: "client-0" });
  const others = [model.addNode({ name: "client-1" }), model.addNode({ name: "client-2" })];
  for (const other of others) model.writes.setEligibility(other, false);
  const migrate = { minHealthySeconds: 1 };
  const services = {
    w: () => model.registerJob({ id: "w" }),
    slow: () =>
      model.registerJob({ id: "slow", stopTakesSeconds: 4, killTimeoutSeconds: 8, migrate }),
    web: () =>
      model.registerJob({
        id: "web",
        stopTakesSeconds: 1,
        killTimeoutSeconds: 8,
        count: 1,
        migrate,
      }),
  };
  for (const name of ["w", "slow", "web"] as const)
    if (!options.late.includes(name)) services[name]();
  await clock.advance(60);
  model.registerJob({ id: "agent", type: "system", stopTakesSeconds: 1 });
  for (const name of options.late) services[name]();
  await clock.advance(options.settleSeconds);
  for (const other of others) model.writes.setEligibility(other, true);
  return { clock, model, node };
}

const by = { markEligible: false, meta: null, accessorId: "" };

describe("drains take the course on the model that they took on a real Nomad", () => {
  test("a clean drain: the system task still stops when it is complete", async () => {
    const { clock, model, node } = await cluster({ settleSeconds: 1, late: ["slow", "web"] });
    const seen = follow(model, node);
    model.writes.drain(node, { deadlineNanoseconds: 60e9, ignoreSystemJobs: false }, by);
    await clock.advance(40);
    const name = "drain until the node says complete and all is stopped";
    expectSameCourse(seen, recorded(timeline("drain-clean", name)));
  });

  test("a deadline: complete while a batch task runs its kill timeout", async () => {
    const { clock, model, node } = await cluster({ settleSeconds: 1, late: ["slow"] });
    // The other nodes take work by now, so the batch job is placed before they do again.
    const others = [...model.state.nodes.values()].filter((other) => other !== node);
    for (const other of others) model.writes.setEligibility(other, false);
    model.registerJob({
      id: "stubborn",
      type: "batch",
      stopTakesSeconds: 12,
      killTimeoutSeconds: 15,
    });
    await clock.advance(1);
    for (const other of others) model.writes.setEligibility(other, true);
    const seen = follow(model, node);
    model.writes.drain(node, { deadlineNanoseconds: 3e9, ignoreSystemJobs: true }, by);
    await clock.advance(40);
    const name =
      "the drain is complete at its deadline while the batch task still runs its kill_timeout";
    expectSameCourse(seen, recorded(timeline("drain-deadline", name)));
  });

  test("a forced drain", async () => {
    const { clock, model, node } = await cluster({ settleSeconds: 20, late: [] });
    model.writes.drain(node, { deadlineNanoseconds: 60e9, ignoreSystemJobs: true }, by);
    await clock.advance(40);
    expect(node.lastDrain?.status).toBe("complete");
    const seen = follow(model, node);
    model.writes.drain(node, { deadlineNanoseconds: -1, ignoreSystemJobs: false }, by);
    await clock.advance(10);
    expectSameCourse(seen, recorded(timeline("drain-deadline", "forced drain")));
  });

  test("a deadline of 600 is 600 ns: complete a second later", async () => {
    const { clock, model, node } = await cluster({ settleSeconds: 20, late: [] });
    const seen = follow(model, node);
    model.writes.drain(node, { deadlineNanoseconds: 600, ignoreSystemJobs: false }, by);
    await clock.advance(2);
    expect(seen.get("drain complete")).toBe(1);
    expect(node.events.at(-1)).toMatchObject({
      message: "Node drain complete",
      details: { deadline_reached: "true" },
    });
  });

  test("a killed client: down within 13 to 30 s and everything on it lost", async () => {
    const { clock, model, node } = await cluster({ settleSeconds: 20, late: [] });
    const seen = follow(model, node);
    const killedAt = clock.now();
    model.stopAgent(node.id);
    await clock.until(() => node.status === "down", 60);
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(plusSeconds(killedAt, 13).getTime());
    expect(clock.now().getTime()).toBeLessThanOrEqual(plusSeconds(killedAt, 30).getTime());
    await clock.advance(1);
    const name = "client killed: until the node is down and its allocations are lost";
    const real = recorded(timeline("client-dies", name));
    expect([...seen.keys()].sort()).toEqual([...real.keys()].sort());
  });
});
