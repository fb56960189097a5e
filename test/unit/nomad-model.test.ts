import { describe, expect, test } from "vitest";
import { InstanceId, NomadNodeId } from "../../lambdas/contracts/ids.ts";
import { VirtualClock } from "../../local/clock.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import { modelNomadPort } from "../../local/nomad/port.ts";

const by = { markEligible: false, meta: null, accessorId: "" };
const minute = { deadlineNanoseconds: 60e9, ignoreSystemJobs: false };

function setup(nodes: number, seed = 1) {
  const clock = new VirtualClock();
  const model = new NomadModel(clock, { seed });
  const list = Array.from({ length: nodes }, () => model.addNode());
  return { clock, model, nodes: list };
}

function running(model: NomadModel, jobId: string) {
  const all = [...model.state.allocations.values()];
  return all.filter(({ job, clientStatus }) => job.id === jobId && clientStatus === "running");
}

describe("the model's heartbeats", () => {
  test("a silent client is down after 13 to 30 s, by the seed", async () => {
    const after = async (seed: number) => {
      const { clock, model, nodes } = setup(1, seed);
      const start = clock.now().getTime();
      model.stopAgent(nodes[0]?.id ?? "");
      await clock.until(() => nodes[0]?.status === "down", 60);
      return (clock.now().getTime() - start) / 1_000;
    };
    const times = await Promise.all([1, 2, 3, 4, 5].map(after));
    expect(await after(3)).toBe(times[2]);
    expect(new Set(times).size).toBe(5);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(13);
    expect(Math.max(...times)).toBeLessThanOrEqual(30);
  });

  test("a new leader gives a silent client 300 s more", async () => {
    const { clock, model, nodes } = setup(1);
    model.stopAgent(nodes[0]?.id ?? "");
    await clock.advance(5);
    model.changeLeader();
    await clock.advance(299);
    expect(nodes[0]?.status).toBe("ready");
    await clock.advance(2);
    expect(nodes[0]?.status).toBe("down");
  });

  test("a client that comes back is ready, and its job has run elsewhere meanwhile", async () => {
    const { clock, model, nodes } = setup(2);
    model.registerJob({ id: "web" });
    await clock.advance(1);
    const [first] = running(model, "web");
    const home = nodes.find(({ id }) => id === first?.nodeId);
    model.stopAgent(home?.id ?? "");
    await clock.advance(40);
    expect(home?.status).toBe("down");
    expect(first?.clientStatus).toBe("lost");
    expect(running(model, "web").map(({ nodeId }) => nodeId === home?.id)).toEqual([false]);
    model.startAgent(home?.id ?? "");
    await clock.advance(10);
    expect(home?.status).toBe("ready");
    expect(first?.clientStatus).toBe("complete");
  });
});

describe("the model's drains", () => {
  test("deadlines within 5 s of each other are kept together, at the last of them", async () => {
    const { clock, model, nodes } = setup(2);
    model.registerJob({ id: "agent", type: "sysbatch", stopTakesSeconds: 1 });
    await clock.advance(1);
    const seconds = [10, 14];
    for (const [index, node] of nodes.entries()) {
      const deadlineNanoseconds = (seconds[index] ?? 0) * 1e9;
      model.writes.drain(node, { deadlineNanoseconds, ignoreSystemJobs: false }, by);
    }
    await clock.advance(14.5);
    expect(nodes.map(({ drain }) => drain === null)).toEqual([false, false]);
    await clock.advance(1);
    expect(nodes.map(({ drain }) => drain === null)).toEqual([true, true]);
  });

  test("max_parallel holds across nodes: never fewer healthy than count - 1", async () => {
    const { clock, model, nodes } = setup(4);
    model.registerJob({ id: "web", count: 3, migrate: { minHealthySeconds: 2 } });
    await clock.advance(30);
    for (const node of nodes.slice(0, 3))
      model.writes.drain(node, { ...minute, deadlineNanoseconds: 0 }, by);
    let least = 3;
    model.onAllocationChange(() => {
      const kept = running(model, "web").filter((a) => a.health && a.desiredStatus === "run");
      least = Math.min(least, kept.length);
    });
    await clock.until(() => nodes.slice(0, 3).every(({ drain }) => !drain), 300);
    expect(least).toBe(2);
  });

  test("a task that ignores its kill timeout is ended by it, and by the client's maximum", async () => {
    const clock = new VirtualClock();
    const model = new NomadModel(clock);
    const node = model.addNode({ maxKillTimeoutSeconds: 20 });
    model.registerJob({ id: "deaf", killTimeoutSeconds: 60, stopTakesSeconds: 1_000 });
    await clock.advance(20);
    model.writes.drain(node, minute, by);
    const start = clock.now().getTime();
    await clock.until(() => node.drain === null, 60);
    expect((clock.now().getTime() - start) / 1_000).toBeCloseTo(1 + 20, 0);
    const [allocation] = model.allocationsOn(node.id);
    expect(allocation?.clientStatus).toBe("complete");
    expect(node.lastDrain?.status).toBe("complete");
  });
});

describe("the model's tokens", () => {
  test.each([
    [{ "*": ["read-job"] }, "team-a", true],
    [{ "team-*": ["read-job"] }, "team-a", true],
    [{ "team-*": ["read-job"] }, "elsewhere", false],
    [{ "*": ["read-job"], "team-*": ["deny"] }, "team-a", false],
    [{ "*": ["deny"], "team-*": ["deny"], "team-a": ["read-job"] }, "team-a", true],
    [{ "team-*": ["read-job"] }, "*", true],
  ])("with %j in %s: read-job is %s, by the closest rule", (namespaces, namespace, may) => {
    const { model } = setup(0);
    const token = model.access.token(model.createToken({ namespaces }));
    expect(model.access.may(token, "read-job", namespace)).toBe(may);
  });
});

describe("the model's faults", () => {
  const id = NomadNodeId.parse("79baf8c1-754c-e2b5-5963-0458f648b7cd");

  test.each([
    ["away", "unavailable"],
    ["throttled", "throttled"],
    ["no-leader", "unavailable"],
    ["leader-lost", "unavailable"],
  ] as const)("%s shows as %s, for as long as it lasts", async (fault, kind) => {
    const { model } = setup(0);
    const nomad = modelNomadPort(model);
    model.faults.set(fault);
    await expect(nomad.node(id)).rejects.toMatchObject({ name: "PortError", kind });
    await expect(nomad.findNodes(InstanceId.parse("i-01234567"), [])).rejects.toMatchObject({
      kind,
    });
    model.faults.clear();
    expect(await nomad.node(id)).toBeUndefined();
  });

  test("a lost answer leaves the write done", async () => {
    const { model, nodes } = setup(1);
    model.faults.next("answer-lost");
    const nomad = modelNomadPort(model);
    const nodeId = NomadNodeId.parse(nodes[0]?.id);
    await expect(nomad.setEligibility(nodeId, false)).rejects.toMatchObject({
      kind: "unavailable",
    });
    expect(nodes[0]?.eligible).toBe(false);
  });
});

describe("the model's size", () => {
  test("1,000 nodes with 10 allocations each drain within seconds of real time", async () => {
    const { clock, model, nodes } = setup(1_000);
    for (let job = 0; job < 100; job++) {
      model.registerJob({ id: `job-${job}`, count: 100, migrate: { maxParallel: 50 } });
    }
    await clock.advance(60);
    expect(model.state.allocations.size).toBe(10_000);
    const start = performance.now();
    for (const node of nodes.slice(0, 500)) model.writes.drain(node, minute, by);
    await clock.until(() => nodes.slice(0, 500).every(({ drain }) => drain === null), 300);
    expect(performance.now() - start).toBeLessThan(10_000);
    const left = nodes.slice(0, 500).flatMap(({ id }) => model.allocationsOn(id));
    await clock.advance(60);
    expect(left.filter(({ clientStatus }) => clientStatus === "running")).toEqual([]);
  });
});
