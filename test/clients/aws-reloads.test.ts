import { describe, expect, it } from "vitest";
import { createCommands } from "../../lambdas/clients/aws/commands.ts";
import { createReloads } from "../../lambdas/clients/aws/reloads.ts";
import { InstanceId, NodeId } from "../../lambdas/contracts/ids.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const GROUP = "nomad-servers";
const instanceId = (n: number) => InstanceId.parse(`i-0${String(n).padStart(16, "0")}`);

async function start(machines = 2) {
  const world = await startFaceWorld();
  const { model, ssm, autoScaling } = world;
  const ids = Array.from({ length: machines }, (_, n) => instanceId(n + 1));
  model.autoScaling.createGroup({ name: GROUP, instances: ids.map((id) => ({ id })) });
  for (const id of ids) model.managedNodes.startAgent(id);
  let calls = 0;
  ssm.middlewareStack.add(
    (next) => (args) => {
      calls += 1;
      return next(args);
    },
    { step: "initialize" },
  );
  const port = createReloads({ ssm, autoScaling }, { deployment: "test" });
  const reloadAll = (some: readonly NodeId[] = ids) =>
    Promise.all(some.map((id) => port.reload(id, ["consul", "nomad"], "reload")));
  const results = (orders: readonly (string | undefined)[], some: readonly NodeId[] = ids) =>
    Promise.all(
      some.map(async (id, index) => orders[index] && (await port.result(id, orders[index]))),
    );
  return { ...world, ids, port, reloadAll, results, calls: () => calls };
}

describe("the consumers of a secret", () => {
  it("are the instances, as they are at the time, whatever they do: on their way, or in standby", async () => {
    const { port, model, clock, ids } = await start();
    model.autoScaling.createGroup({ name: "nomad-clients", instances: [{ id: instanceId(9) }] });
    expect(await port.members([GROUP, "nomad-clients"])).toEqual([...ids, instanceId(9)]);
    model.autoScaling.setDesiredCapacity(GROUP, 3);
    expect(await port.members([GROUP])).toHaveLength(3);
    await clock.advance(600);
    expect(await port.members([GROUP])).toHaveLength(3);
    model.autoScaling.terminateInstance(instanceId(1), true);
    expect(await port.members([GROUP])).toContain(instanceId(1));
    await clock.advance(600);
    expect(await port.members([GROUP])).not.toContain(instanceId(1));
  });

  it("are not none because there is no such group, or nobody may ask", async () => {
    const { port, model } = await start();
    await expect(port.members([GROUP, "nomad-srevers"])).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringMatching(/there is no group nomad-srevers$/),
    });
    model.faults.deny("autoscaling:DescribeAutoScalingGroups");
    await expect(port.members([GROUP])).rejects.toMatchObject({ kind: "denied" });
  });
});

describe("a reload", () => {
  it("is done by the deployment's document, by one command for all that are told at once", async () => {
    const { model, clock, ids, reloadAll, results, calls } = await start(25);
    const ran: unknown[] = [];
    model.runCommand.execute = ({ instanceId: id, documentName, parameters }) => {
      ran.push({ id, documentName, parameters });
      return { exitStatus: 0, output: "== nomad is active" };
    };
    const orders = await reloadAll();
    expect(new Set(orders).size).toBe(1);
    await clock.advance(1);
    expect(await results(orders)).toEqual(ids.map(() => ({ status: "pending", output: "" })));
    await clock.advance(4);
    expect(await results(orders)).toEqual(ids.map(() => ({ status: "success", output: "" })));
    const parameters = { Units: ["consul nomad"], Action: ["reload"] };
    const documentName = "Drover-ReloadAgents-test";
    expect(ran).toEqual(ids.map((id) => ({ id, documentName, parameters })));
    expect(calls()).toBe(3);
  });

  it("of some does not wait for others that are told something else", async () => {
    const { port, ids, model, clock } = await start();
    const done = new Map<string, unknown>();
    model.runCommand.execute = ({ instanceId: id, parameters }) => {
      done.set(id, parameters.Action);
      return { exitStatus: 0, output: "" };
    };
    const [one = instanceId(1), two = instanceId(2)] = ids;
    const orders = await Promise.all([
      port.reload(one, ["nomad"], "reload"),
      port.reload(two, ["nomad"], "restart"),
    ]);
    await clock.advance(1);
    expect(new Set(orders).size).toBe(2);
    expect([done.get(one), done.get(two)]).toEqual([["reload"], ["restart"]]);
  });

  it("tells who can't be told, and tells all the others", async () => {
    const { model, ids, reloadAll, results, clock } = await start(7);
    const gone = ids[4] ?? instanceId(5);
    model.ec2.terminate(gone);
    const all = [...ids, NodeId.parse("azure-vm-3"), instanceId(99)];
    const orders = await reloadAll(all);
    const untold = all.filter((_, index) => orders[index] === undefined);
    expect(untold).toEqual([gone, "azure-vm-3", instanceId(99)]);
    await clock.advance(5);
    const told = all.filter((id) => !untold.includes(id));
    const outcomes = await results(orders, all);
    expect(outcomes.filter((each) => each && each.status === "success")).toHaveLength(told.length);
  });

  it("that failed shows how its units are, and none of what they wrote, which may hold a secret", async () => {
    const { model, ids, reloadAll, results, clock } = await start();
    const output = [
      "== reload nomad",
      "Job for nomad.service failed: VAULT_TOKEN=s.secret",
      "systemctl ended with 1",
      "== nomad is failed",
      `2026-01-01T00:00:00+0000 host nomad[1]: ${"x".repeat(3_000)}`,
      "2026-01-01T00:00:00+0000 host nomad[1]: == s.secret is bad",
      "    VAULT_TOKEN=s.secret is bad",
    ].join("\n");
    model.runCommand.execute = ({ instanceId: id }) =>
      id === ids[0] ? { exitStatus: 1, output } : { exitStatus: 0, output };
    const orders = await reloadAll();
    await clock.advance(5);
    expect(await results(orders)).toEqual([
      {
        status: "failed",
        output: `systemctl ended with 1; nomad is failed; command ${orders[0]}`,
      },
      { status: "success", output: "" },
    ]);
  });

  it("is undeliverable when the machine's SSM agent is dead", async () => {
    const { model, ids, reloadAll, results, clock } = await start(1);
    model.managedNodes.stopAgent(ids[0] ?? "");
    const orders = await reloadAll();
    await clock.advance(59);
    expect(await results(orders)).toMatchObject([{ status: "pending" }]);
    await clock.advance(1);
    expect(await results(orders)).toMatchObject([{ status: "undeliverable" }]);
  });

  it("is not known right after its order, and not refused because nobody may ask", async () => {
    const { model, reloadAll, results, clock, port, ids } = await start(1);
    const orders = await reloadAll();
    expect(await results(orders)).toEqual([undefined]);
    await clock.advance(5);
    model.faults.deny("ssm:ListCommandInvocations");
    await expect(results(orders)).rejects.toMatchObject({ system: "ssm", kind: "denied" });
    model.faults.throttle("ssm:SendCommand");
    await expect(reloadAll()).rejects.toMatchObject({ system: "ssm", kind: "throttled" });
    model.faults.deny("ssm:SendCommand");
    const [id = instanceId(1)] = ids;
    await expect(port.reload(id, ["nomad"], "restart")).rejects.toMatchObject({ kind: "denied" });
  });

  it("is not taken for a restart that heal-node has ordered", async () => {
    const { ssm, reloadAll, clock, ids } = await start(1);
    const since = clock.now();
    await reloadAll();
    await clock.advance(5);
    const heal = createCommands(ssm, "test");
    expect(await heal.findRestart(ids[0] ?? instanceId(1), since)).toBeUndefined();
  });
});
