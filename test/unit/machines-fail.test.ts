import { describe, expect, test } from "vitest";
import { MachinesWorld } from "./machines-world.ts";

describe("a machine that", () => {
  test("never boots says so on its console, and nothing else ever", async () => {
    const world = new MachinesWorld({ failure: { kind: "never-boots" } });
    const id = await world.comeUp(600);
    expect(world.console(id)).toContain("Kernel panic");
    expect(world.cluster.aws.managedNodes.find(id)).toBeUndefined();
    expect(await world.report(id)).toBeUndefined();
  });

  test("starts no Nomad client is a member of Consul alone", async () => {
    const world = new MachinesWorld({ failure: { kind: "no-nomad" } });
    const id = await world.comeUp();
    expect(world.nomadNode(id)).toBeUndefined();
    expect(world.checks(id)).toEqual({ serfHealth: "passing" });
    expect(world.console(id)).toContain("nomad.service");
  });

  test("starts no Consul agent is a client of Nomad alone", async () => {
    const world = new MachinesWorld({ failure: { kind: "no-consul" } });
    const id = await world.comeUp();
    expect(world.nomadNode(id)?.status).toBe("ready");
    expect(world.consulNode(id)).toBeUndefined();
  });

  test("is in another pool is let in only where nobody looks at tokens", async () => {
    const image = { failure: { kind: "wrong-pool" } } as const;
    const careless = { clientIntroduction: { enforcement: "none" } } as const;
    const world = new MachinesWorld(image, careless);
    expect(world.nomadNode(await world.comeUp())?.nodePool).toBe("elsewhere");
    const usual = new MachinesWorld(image);
    const id = await usual.comeUp();
    expect(usual.nomadNode(id)).toBeUndefined();
    expect(usual.console(id)).toContain("Permission denied");
  });

  test("is of another version says which", async () => {
    const world = new MachinesWorld({ failure: { kind: "wrong-version", version: "1.9.7" } });
    expect(world.nomadNode(await world.comeUp())?.version).toBe("1.9.7");
  });

  test("has a full disk has a critical check, until that is over", async () => {
    const failure = { kind: "consul-critical", recoversAfterSeconds: 120 } as const;
    const world = new MachinesWorld({ failure });
    const id = await world.comeUp();
    expect(world.checks(id)).toEqual({ serfHealth: "passing", disk: "critical" });
    await world.clock.advance(120);
    expect(world.checks(id)).toEqual({ serfHealth: "passing", disk: "passing" });
  });

  test("finds its secret id unwrapped reports that, and starts no agent", async () => {
    const world = new MachinesWorld({ failure: { kind: "introduction-intercepted" } });
    const id = await world.comeUp();
    expect(await world.report(id)).toHaveProperty("intercepted");
    expect(world.nomadNode(id)).toBeUndefined();
    expect(world.consulNode(id)).toBeUndefined();
    expect(world.console(id)).toContain("somebody else's");
  });

  test("hangs falls silent, though EC2 says it runs", async () => {
    const world = new MachinesWorld({ failure: { kind: "crashes", afterSeconds: 60 } });
    const id = await world.comeUp(40);
    expect(world.nomadNode(id)?.status).toBe("ready");
    await world.clock.advance(600);
    expect(world.nomadNode(id)?.status).toBe("down");
    expect(world.checks(id)).toEqual({ serfHealth: "critical" });
    expect(world.cluster.aws.managedNodes.find(id)?.pingStatus).toBe("ConnectionLost");
    expect(world.cluster.aws.ec2.get(id).state).toBe("running");
  });

  test("is late has its wrapping run out, and reports that it is gone", async () => {
    const world = new MachinesWorld({ bootSeconds: 300 });
    const [id] = await world.launch();
    if (!id) throw new Error("nothing was launched");
    await world.introduce(id, { wrapSeconds: 60 });
    await world.clock.advance(400);
    expect(await world.report(id)).toHaveProperty("intercepted");
  });
});

test("what goes wrong can differ from machine to machine", async () => {
  const failure = (number: number) => (number === 2 ? ({ kind: "no-nomad" } as const) : undefined);
  const world = new MachinesWorld({ failure });
  const ids = await world.launch(3);
  for (const id of ids) await world.introduce(id);
  await world.clock.advance(60);
  expect(ids.map((id) => world.nomadNode(id)?.status)).toEqual(["ready", undefined, "ready"]);
});
