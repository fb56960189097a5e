import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { createAutoScaling } from "../../lambdas/clients/aws/auto-scaling.ts";
import { AWS_CLIENT_OPTIONS } from "../../lambdas/clients/aws/client-options.ts";
import { createSecret, tokenIn } from "../../lambdas/clients/aws/secrets.ts";
import { createTicks } from "../../lambdas/clients/aws/ticks.ts";
import { GroupName, InstanceId, TickId } from "../../lambdas/contracts/ids.ts";
import { modelAutoScalingPort, modelTicks } from "../../local/aws/ports.ts";
import { VirtualClock } from "../../local/clock.ts";
import { MemoryTicks } from "../../local/memory/memory-ticks.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const GROUP = GroupName.parse("nomad-clients");
const instanceId = (n: number) => InstanceId.parse(`i-0${String(n).padStart(16, "0")}`);
const NODE = instanceId(1);

async function startWorld(instances = 1) {
  const world = await startFaceWorld();
  world.model.autoScaling.createGroup({
    name: GROUP,
    hooks: [{ name: "drain", transition: "terminating", heartbeatTimeoutSeconds: 300 }],
    instances: Array.from({ length: instances }, (_, n) => ({ id: instanceId(n + 1) })),
  });
  return world;
}

/** The port over HTTP and the one right over the model keep the same promises. */
describe.each(["http", "in-process"] as const)("Auto Scaling's port, %s", (way) => {
  async function start() {
    const world = await startWorld();
    const port =
      way === "http"
        ? createAutoScaling(world.autoScaling, world.clock)
        : modelAutoScalingPort(world.model);
    const action = async () => {
      world.model.autoScaling.terminateInstance(NODE, true);
      await world.clock.advance(2);
      const token = world.model.autoScaling.waitings(NODE)[0]?.token ?? "none";
      return { group: GROUP, hook: "drain", token, instanceId: NODE };
    };
    return { ...world, port, action };
  }

  it("finds instances and hooks", async () => {
    const { port } = await start();
    expect(await port.instance(NODE)).toEqual({
      instanceId: NODE,
      group: GROUP,
      lifecycleState: "InService",
    });
    expect(await port.instance(instanceId(99))).toBeUndefined();
    expect(await port.hooks(GROUP)).toMatchObject([
      {
        name: "drain",
        transition: "terminating",
        heartbeatTimeoutSeconds: 300,
        globalTimeoutSeconds: 30_000,
        defaultResult: "ABANDON",
      },
    ]);
    expect(await port.hooks(GroupName.parse("nobody"))).toEqual([]);
  });

  it("keeps an instance waiting, then lets it go", async () => {
    const { port, action, clock } = await start();
    const waiting = await action();
    await clock.advance(250);
    expect(await port.heartbeat(waiting)).toBe("done");
    await clock.advance(250);
    expect((await port.instance(NODE))?.lifecycleState).toBe("Terminating:Wait");
    expect(await port.complete(waiting, "CONTINUE")).toBe("done");
    expect((await port.instance(NODE))?.lifecycleState).toBe("Terminating:Proceed");
    expect(await port.complete(waiting, "CONTINUE")).toBe("no-active-action");
    expect(await port.heartbeat(waiting)).toBe("no-active-action");
  });

  it("knows no action under another token or in a group that is gone", async () => {
    const { port, action } = await start();
    const waiting = await action();
    expect(await port.complete({ ...waiting, token: "other" }, "CONTINUE")).toBe(
      "no-active-action",
    );
    const elsewhere = { ...waiting, group: GroupName.parse("gone") };
    expect(await port.complete(elsewhere, "CONTINUE")).toBe("no-active-action");
    expect((await port.instance(NODE))?.lifecycleState).toBe("Terminating:Wait");
  });

  it("tells throttling, refusal and breakdown apart", async () => {
    const { port, action, model } = await start();
    const waiting = await action();
    const fails = (kind: string) =>
      expect(port.complete(waiting, "CONTINUE")).rejects.toMatchObject({
        name: "PortError",
        system: "auto-scaling",
        kind,
        message: expect.stringContaining("autoscaling:CompleteLifecycleAction"),
      });
    model.faults.deny("autoscaling:CompleteLifecycleAction");
    await fails("denied");
    model.faults.breakDown("autoscaling:CompleteLifecycleAction");
    await fails("unavailable");
    model.faults.contend("autoscaling:CompleteLifecycleAction");
    await fails("throttled");
    model.faults.throttle("autoscaling:CompleteLifecycleAction");
    await fails("throttled");
    model.faults.heal();
    expect(await port.complete(waiting, "CONTINUE")).toBe("done");
  });
});

describe("calls in batches", () => {
  it("asks for 120 instances of a group in three calls", async () => {
    const { autoScaling, clock } = await startWorld(120);
    let calls = 0;
    autoScaling.middlewareStack.add(
      (next) => (input) => {
        calls += 1;
        return next(input);
      },
      { step: "initialize" },
    );
    const port = createAutoScaling(autoScaling, clock);
    const ids = Array.from({ length: 120 }, (_, n) => instanceId(n + 1));
    const found = await Promise.all([...ids, NODE].map((id) => port.instance(id)));
    expect(found.map((each) => each?.instanceId)).toEqual([...ids, NODE]);
    expect(calls).toBe(3);
  });

  it("remembers a group's hooks for a minute", async () => {
    const { autoScaling, clock, model } = await startWorld();
    const port = createAutoScaling(autoScaling, clock);
    const names = async () => (await port.hooks(GROUP)).map(({ name }) => name);
    expect(await names()).toEqual(["drain"]);
    model.autoScaling.deleteHook(GROUP, "drain");
    await clock.advance(59);
    expect(await names()).toEqual(["drain"]);
    await clock.advance(1);
    expect(await names()).toEqual([]);
  });
});

describe.each(["http", "in-process"] as const)("ticks, %s", (way) => {
  it("arrive after their time in whole seconds, at most 15 minutes", async () => {
    const { sqs, model, clock } = await startFaceWorld();
    const queue = model.sqs.createQueue({ name: "drain-client" });
    const ticks = way === "http" ? createTicks(sqs, "drain-client") : modelTicks(model, queue);
    const tick = (id: string) => ({ nodeId: NODE, tickId: TickId.parse(id) });
    await ticks.send(tick("late"), 5_000);
    await ticks.send(tick("soon"), 1.2);
    await ticks.send(tick("now"), -3);
    const arrived = () => queue.receive(10).map(({ body }) => JSON.parse(body).tickId);
    expect(arrived()).toEqual(["now"]);
    await clock.advance(1.5);
    expect(arrived()).toEqual([]);
    await clock.advance(0.5);
    expect(arrived()).toEqual(["soon"]);
    await clock.advance(898);
    expect(arrived()).toContain("late");
  });
});

describe("ticks in memory", () => {
  it("arrive after their time in whole seconds, at most 15 minutes", async () => {
    const clock = new VirtualClock();
    const arrived: string[] = [];
    const ticks = new MemoryTicks(clock, ({ tickId }) => arrived.push(tickId));
    const tick = (id: string) => ({ nodeId: NODE, tickId: TickId.parse(id) });
    await ticks.send(tick("late"), 5_000);
    await ticks.send(tick("soon"), 1.2);
    await clock.advance(1.5);
    expect(arrived).toEqual([]);
    await clock.advance(0.5);
    expect(arrived).toEqual(["soon"]);
    await clock.advance(898);
    expect(arrived).toEqual(["soon", "late"]);
  });
});

describe("secrets", () => {
  it("are remembered for five minutes, or until refreshed", async () => {
    const { secrets, model, clock } = await startFaceWorld();
    model.secrets.create("nomad/token", "one");
    const secret = createSecret(secrets, "nomad/token", clock);
    expect(await secret.text()).toBe("one");
    model.secrets.put("nomad/token", "two");
    expect(await secret.text()).toBe("one");
    expect(await secret.refresh()).toBe("two");
    model.secrets.put("nomad/token", "three");
    await clock.advance(300);
    expect(await secret.text()).toBe("three");
  });

  it("say what is missing or not allowed, and try again next time", async () => {
    const { secrets, model, clock } = await startFaceWorld();
    const secret = createSecret(secrets, "nomad/token", clock);
    await expect(secret.text()).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringMatching(/no secret nomad\/token.*configuration/),
    });
    model.secrets.create("nomad/token", "one");
    model.faults.deny("secretsmanager:GetSecretValue", 1);
    await expect(secret.text()).rejects.toMatchObject({
      kind: "denied",
      message: expect.stringContaining("allow secretsmanager:GetSecretValue"),
    });
    expect(await secret.text()).toBe("one");
  });

  it("hold a token as text or as JSON, and never show it in an error", () => {
    expect(tokenIn(" s3cr3t\n", "x")).toBe("s3cr3t");
    expect(tokenIn('{"token":"s3cr3t"}', "x")).toBe("s3cr3t");
    for (const bad of ["", '{"tokn":"s3cr3t"}', '{"token":s3cr3t}', '{"token":""}']) {
      expect(() => tokenIn(bad, "nomad/token")).toThrow(/secret nomad\/token must hold a token/);
      expect(() => tokenIn(bad, "nomad/token")).not.toThrow(/s3cr3t/);
    }
  });
});

describe("AWS out of reach", () => {
  it("is unavailable, and not absent", async () => {
    const { clock } = await startFaceWorld();
    const nowhere = { endpoint: "http://127.0.0.1:9", region: "eu-central-1" };
    const client = new AutoScalingClient({ ...AWS_CLIENT_OPTIONS, ...nowhere });
    await expect(createAutoScaling(client, clock).instance(NODE)).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    const secrets = new SecretsManagerClient({ ...AWS_CLIENT_OPTIONS, ...nowhere });
    await expect(createSecret(secrets, "a", clock).text()).rejects.toMatchObject({
      kind: "unavailable",
    });
  });
});
