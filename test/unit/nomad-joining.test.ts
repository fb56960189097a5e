import { describe, expect, test } from "vitest";
import { NomadNodeId } from "../../lambdas/contracts/ids.ts";
import { VirtualClock } from "../../local/clock.ts";
import { NomadModel, type NomadModelOptions } from "../../local/nomad/model.ts";
import type { NodeInput } from "../../local/nomad/node.ts";
import { modelNomadPort } from "../../local/nomad/port.ts";
import { exchange } from "../helpers/nomad-recording.ts";

const strict: NomadModelOptions = { clientIntroduction: { enforcement: "strict" } };

function setUp(options: NomadModelOptions = {}) {
  const clock = new VirtualClock();
  const model = new NomadModel(clock, options);
  const nomad = modelNomadPort(model);
  const logs: string[] = [];
  async function tokenFor(name: string, pool = "default", seconds = 300): Promise<string> {
    const token = await nomad.introductionToken(name, pool, seconds);
    return token === "unsupported" ? token : token.jwt;
  }
  const start = (input: NodeInput) => model.startClient(input, (line) => logs.push(line));
  const names = () => [...model.state.nodes.values()].map(({ name }) => name).sort();
  return { clock, model, nomad, logs, tokenFor, start, names };
}

describe("who joins a strict cluster", () => {
  test("is who joined a real one", async () => {
    const { clock, model, tokenFor, start, names } = setUp(strict);
    const own = await tokenFor("client-a");
    start({ name: "client-a", introductionToken: own, defaultIneligible: true });
    start({ name: "client-b", introductionToken: own });
    start({ name: "client-c" });
    start({ name: "client-d", introductionToken: await tokenFor("") });
    await clock.advance(25);
    const recorded = exchange(
      "client-introduction",
      "nodes after 25 s: client-a has its own token and default_ineligible, client-b client-a's token, client-c none, client-d one for any name",
    );
    const real = recorded.response.body as { Name: string; SchedulingEligibility: string }[];
    expect(names()).toEqual(real.map(({ Name }) => Name).sort());
    const eligible = new Map([...model.state.nodes.values()].map((n) => [n.name, n.eligible]));
    for (const { Name, SchedulingEligibility } of real) {
      expect(eligible.get(Name)).toBe(SchedulingEligibility === "eligible");
    }
  });

  test("is nobody with a token for another pool, or one that has run out", async () => {
    const { clock, logs, tokenFor, start, names } = setUp(strict);
    start({ name: "a", introductionToken: await tokenFor("a", "gpu") });
    const late = await tokenFor("b", "default", 60);
    await clock.advance(61);
    start({ name: "b", introductionToken: late });
    await clock.advance(120);
    expect(names()).toEqual([]);
    expect(new Set(logs)).toEqual(
      new Set(['client: error registering: error="rpc error: Permission denied"']),
    );
  });

  test("includes a client that is back, with the identity it was given", async () => {
    const { clock, model, tokenFor, start } = setUp(strict);
    const id = start({ name: "a", introductionToken: await tokenFor("a", "default", 60) });
    await clock.advance(10);
    model.stopAgent(id);
    await clock.advance(600);
    expect(model.node(id)?.status).toBe("down");
    model.startAgent(id);
    await clock.advance(5);
    expect(model.node(id)?.status).toBe("ready");
  });

  test("does not include a client that was stopped before it was let in", async () => {
    const { clock, model, start, names } = setUp(strict);
    const id = start({ name: "a" });
    await clock.advance(5);
    model.stopAgent(id);
    await clock.advance(60);
    model.startAgent(id);
    await clock.advance(60);
    expect(names()).toEqual([]);
  });
});

describe("with another enforcement", () => {
  test.each([
    ["none", ["a", "b", "c"]],
    ["warn", ["a", "c"]],
    ["strict", ["a"]],
  ] as const)("%s: own token, another's, none: %j join", async (enforcement, expected) => {
    const { clock, tokenFor, start, names } = setUp({ clientIntroduction: { enforcement } });
    const token = await tokenFor("a");
    start({ name: "a", introductionToken: token });
    start({ name: "b", introductionToken: token });
    start({ name: "c" });
    await clock.advance(30);
    expect(names()).toEqual(expected);
  });

  test("by servers older than 1.11 everybody joins, and tokens are not supported", async () => {
    const { clock, nomad, start, names } = setUp({ clientIntroduction: false });
    expect(await nomad.introductionToken("a", "default", 300)).toBe("unsupported");
    start({ name: "a" });
    await clock.advance(30);
    expect(names()).toEqual(["a"]);
  });
});

describe("a new node", () => {
  test("is initializing until it is ready, and gets no work before", async () => {
    const { clock, model, start } = setUp();
    model.registerJob({ id: "web" });
    const id = start({ readyAfterSeconds: 10 });
    await clock.advance(5);
    expect(model.node(id)?.status).toBe("initializing");
    expect(model.allocationsOn(id)).toEqual([]);
    await clock.advance(10);
    expect(model.node(id)?.status).toBe("ready");
    expect(model.allocationsOn(id)).toHaveLength(1);
  });

  test("that joins ineligible gets system and blocked jobs when it is made eligible", async () => {
    const { clock, model, nomad, start } = setUp();
    model.registerJob({ id: "web" });
    model.registerJob({ id: "agent", type: "system" });
    const id = start({ defaultIneligible: true, version: "2.0.3" });
    await clock.advance(60);
    expect(model.allocationsOn(id)).toEqual([]);
    expect(await nomad.node(NomadNodeId.parse(id))).toMatchObject({
      eligible: false,
      version: "2.0.3",
    });
    await nomad.setEligibility(NomadNodeId.parse(id), true);
    await clock.advance(5);
    expect(
      model
        .allocationsOn(id)
        .map(({ job }) => job.id)
        .sort(),
    ).toEqual(["agent", "web"]);
  });
});

describe("a smoke run", () => {
  test("fails on the nodes that its job names, after its restarts, and passes on others", async () => {
    const { clock, model, nomad } = setUp();
    const [bad, good] = [model.addNode({ name: "bad" }), model.addNode({ name: "good" })];
    model.registerJob({
      id: "smoke",
      type: "batch",
      parameterized: true,
      runsSeconds: 5,
      fails: ["bad"],
    });
    const job = { id: "smoke", namespace: "default" };
    for (const { id } of [bad, good]) await nomad.smokeRun(job, NomadNodeId.parse(id));
    await clock.advance(10);
    const statuses = () =>
      [bad, good].map(({ id }) => model.allocationsOn(id).map((each) => each.clientStatus));
    expect(statuses()).toEqual([["running"], ["complete"]]);
    await clock.advance(60);
    expect(statuses()).toEqual([["failed"], ["complete"]]);
  });
});
