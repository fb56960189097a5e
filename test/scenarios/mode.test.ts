import { expect, it } from "vitest";
import { expectDrained, expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { Scenario } from "../helpers/scenario.ts";

it("changes nothing in pause, and goes on from there", async () => {
  const scenario = new Scenario();
  await scenario.startWork();
  scenario.control.turn("pause");
  scenario.scaleIn();
  await scenario.clock.advance(120);
  expect(scenario.node()).toMatchObject({ eligible: true, drain: null });
  expect(scenario.lifecycleState()).toBe("Terminating:Wait");
  expect(await scenario.history()).toContainEqual(expect.stringContaining("paused"));

  scenario.control.turn("act");
  await scenario.finished();
  await expectDrained(scenario);
  expectQueuesEmpty(scenario);
});

it("pauses in the middle of a drain", async () => {
  const scenario = new Scenario();
  await scenario.startWork();
  await scenario.scaleInAndBegin();
  scenario.control.turn("pause");
  await scenario.clock.advance(150);
  expect(scenario.cluster.running(scenario.first)).toEqual([]);
  expect(scenario.lifecycleState()).toBe("Terminating:Wait");

  scenario.control.turn("act");
  await scenario.finished();
  await expectDrained(scenario);
});

it("only says in observe mode what it would do", async () => {
  const scenario = new Scenario();
  scenario.cluster.nomad.registerJob({ id: "web", count: 3 });
  await scenario.clock.advance(30);
  const before = scenario.cluster.running(scenario.first);
  scenario.control.turn("observe");
  scenario.scaleIn();
  await scenario.clock.advance(290);
  expect(scenario.node()).toMatchObject({ eligible: true, drain: null, lastDrain: null });
  expect(scenario.cluster.running(scenario.first)).toEqual(before);
  expect(scenario.lifecycleState()).toBe("Terminating:Wait");

  await scenario.finished();
  expect(scenario.witness.completions).toEqual([]);
  // Left to itself the node stays in Nomad's list.
  expect(scenario.node()?.status).toBe("down");
  const entries = await scenario.journal.read((await scenario.record())?.nodeId ?? fail());
  expect(entries.filter(({ kind }) => kind === "did")).toEqual([]);
  const would = entries.filter(({ kind }) => kind === "would").map(({ text }) => text);
  expect(would).toContainEqual("would have marked the node ineligible");
  expect(would).toContainEqual(expect.stringMatching(/^would have drained the node, until/));
  expect(new Set(would).size).toBe(would.length);
  expectQueuesEmpty(scenario);
});

function fail(): never {
  throw new Error("there is no record");
}
