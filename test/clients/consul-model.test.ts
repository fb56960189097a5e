import { describe, expect, test } from "vitest";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import { VirtualClock } from "../../local/clock.ts";
import { ConsulModel } from "../../local/consul/model.ts";
import { modelConsulPort } from "../../local/consul/port.ts";

const ID = NodeId.parse("i-0123456789abcdef0");

function world(options: ConstructorParameters<typeof ConsulModel>[1] = {}) {
  const clock = new VirtualClock();
  const model = new ConsulModel(clock, options);
  const consul = modelConsulPort(model);
  const serf = async (name: string) =>
    (await consul.checks(name)).find(({ id }) => id === "serfHealth")?.status;
  return { clock, model, consul, serf };
}

describe("an agent", () => {
  test("with its node's token is in the catalog within seconds, with its checks", async () => {
    const { clock, model, consul, serf } = world();
    const token = await consul.issueNodeToken(ID, "web-1");
    model.startAgent({ name: "web-1", address: "10.0.0.7", token, meta: { rack: "r1" } });
    expect(await consul.node("web-1")).toBeUndefined();
    await clock.until(async () => (await consul.node("web-1"))?.meta.rack === "r1", 10);
    expect(await serf("web-1")).toBe("passing");
    model.setCheck("web-1", { id: "disk", status: "warning", output: "80 % full" });
    await clock.advance(1);
    expect(await consul.checks("web-1")).toMatchObject([
      { id: "serfHealth" },
      { id: "disk", status: "warning", output: "80 % full", serviceId: null },
    ]);
  });

  test("with another node's token, or none, is alive to Serf but keeps its metadata and checks", async () => {
    const { clock, model, consul, serf } = world();
    const token = await consul.issueNodeToken(ID, "web-1");
    model.startAgent({ name: "web-2", token, meta: { rack: "r1" } });
    model.startAgent({ name: "web-3", meta: { rack: "r1" } });
    model.setCheck("web-2", { id: "disk", status: "passing" });
    await clock.advance(600);
    for (const name of ["web-2", "web-3"]) {
      expect(await serf(name)).toBe("passing");
      expect(await consul.node(name)).toMatchObject({ meta: {} });
      expect(await consul.checks(name)).toHaveLength(1);
    }
  });

  test("of another datacenter does not join", async () => {
    const { clock, model, consul } = world();
    model.startAgent({ name: "web-1", datacenter: "dc2", token: model.managementToken });
    await clock.advance(600);
    expect(await consul.node("web-1")).toBeUndefined();
  });

  test("fails after some seconds of silence, and passes again when it is back", async () => {
    const { clock, model, serf } = world();
    model.startAgent({ name: "web-1", token: model.managementToken });
    await clock.advance(10);
    model.stopAgent("web-1");
    await clock.advance(3);
    expect(await serf("web-1")).toBe("passing");
    await clock.advance(7);
    expect(await serf("web-1")).toBe("critical");
    model.resumeAgent("web-1");
    await clock.advance(5);
    expect(await serf("web-1")).toBe("passing");
  });

  test("that comes back from a split after its node was cleaned up is in the catalog again", async () => {
    const { clock, model, consul, serf } = world();
    const token = await consul.issueNodeToken(ID, "web-1");
    model.startAgent({ name: "web-1", token, meta: { rack: "r1" } });
    await clock.advance(10);
    model.stopAgent("web-1");
    await clock.advance(30);
    await consul.forceLeave("web-1");
    await consul.deregister("web-1");
    await consul.revokeNodeToken(ID);
    await clock.advance(600);
    expect(await consul.node("web-1")).toBeUndefined();
    model.resumeAgent("web-1");
    await clock.advance(10);
    expect(await serf("web-1")).toBe("passing");
    expect(await consul.node("web-1")).toMatchObject({ meta: {} });
  });

  test("that leaves in good order takes its entry with it", async () => {
    const { clock, model, consul } = world();
    model.startAgent({ name: "web-1", token: model.managementToken });
    await clock.advance(10);
    model.leaveAgent("web-1");
    expect(await consul.node("web-1")).toBeUndefined();
    await clock.advance(600);
    expect(await consul.node("web-1")).toBeUndefined();
  });

  test("that lives is registered by the leader again, even when its token is gone", async () => {
    const { clock, model, consul, serf } = world();
    const token = await consul.issueNodeToken(ID, "web-1");
    model.startAgent({ name: "web-1", token });
    await clock.advance(10);
    await consul.revokeNodeToken(ID);
    await consul.deregister("web-1");
    expect(await consul.node("web-1")).toBeUndefined();
    await clock.advance(60);
    expect(await serf("web-1")).toBe("passing");
  });

  test("has only its own metadata and services two minutes later", async () => {
    const { clock, model, consul } = world();
    model.startAgent({ name: "web-1", token: model.managementToken, meta: { rack: "r1" } });
    await clock.advance(10);
    const node = await consul.node("web-1");
    if (!node) throw new Error("it is not there");
    await consul.addMeta(node, { zone: "a" });
    expect((await consul.node("web-1"))?.meta).toEqual({ ...node.meta, zone: "a" });
    await clock.advance(120);
    expect((await consul.node("web-1"))?.meta).toEqual(node.meta);
  });
});

describe("an entry without an agent", () => {
  test("stays as long as it has no serfHealth", async () => {
    const { clock, model, consul } = world();
    const described = { address: "10.1.0.1", meta: {}, services: [] };
    await consul.registerExternal({ ...described, name: "edge-1" });
    await consul.registerExternal({ ...described, name: "edge-2" });
    model.setCheck("edge-1", { id: "externalNodeHealth", status: "passing" });
    model.setCheck("edge-2", { id: "serfHealth", status: "passing" });
    await clock.advance(120);
    expect(model.nodes().map(({ name }) => name)).toEqual(["edge-1"]);
  });
});

describe("what can be wrong with the servers", () => {
  test.each([
    ["away", "unavailable"],
    ["no-leader", "unavailable"],
    ["overloaded", "unavailable"],
    ["throttled", "throttled"],
    ["denied", "denied"],
    ["answer-lost", "unavailable"],
  ] as const)("%s: %s, for one request or until it is over", async (fault, kind) => {
    const { model, consul } = world();
    model.faults.next(fault);
    await expect(consul.node("web-1")).rejects.toMatchObject({ system: "consul", kind });
    expect(await consul.node("web-1")).toBeUndefined();
    model.faults.set(fault);
    await expect(consul.deregister("web-1")).rejects.toMatchObject({ kind });
    model.faults.clear();
    await consul.deregister("web-1");
  });

  test("a write whose answer is lost was carried out", async () => {
    const { model, consul } = world();
    model.faults.next("answer-lost");
    await expect(consul.issueNodeToken(ID, "web-1")).rejects.toMatchObject({ kind: "unavailable" });
    await consul.issueNodeToken(ID, "web-1");
    expect(model.tokens().filter((token) => token.nodeIdentities.length > 0)).toHaveLength(1);
  });

  test("without ACLs they take everybody's word", async () => {
    const { model } = world({ acl: false });
    const nobody = modelConsulPort(model, "");
    await nobody.registerExternal({ name: "edge-1", address: "10.1.0.1", meta: {}, services: [] });
    expect(await nobody.node("edge-1")).toMatchObject({ address: "10.1.0.1" });
    expect(await nobody.node("edge-2")).toBeUndefined();
    await expect(nobody.issueNodeToken(ID, "web-1")).rejects.toMatchObject({ kind: "denied" });
  });
});

test("a listener hears of each change of the catalog, in the clock's time", async () => {
  const { clock, model, consul } = world();
  const heard: string[] = [];
  model.onChange(({ at, name, entry }) => {
    heard.push(`${(at.getTime() - Date.UTC(2026, 0, 1)) / 1_000} ${name} ${entry ? "is" : "gone"}`);
  });
  await clock.advance(5);
  await consul.registerExternal({ name: "edge-1", address: "10.1.0.1", meta: {}, services: [] });
  await clock.advance(5);
  await consul.deregister("edge-1");
  expect(heard).toEqual(["5 edge-1 is", "10 edge-1 gone"]);
});
