import { describe, expect, it } from "vitest";
import {
  TerminateLifecycleEvent,
  TestNotification,
} from "../../lambdas/contracts/events/lifecycle-event.ts";
import type { GroupInput } from "../../local/aws/auto-scaling/group-input.ts";
import type { HookInput } from "../../local/aws/auto-scaling/hook.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import type { BusEvent } from "../../local/aws/event-bridge/event.ts";
import { VirtualClock } from "../../local/clock.ts";

// What is claimed here of hooks is documented by AWS: "Lifecycle hooks" in the Auto Scaling guide.

const GROUP = "nomad-clients";
const NODE = "i-0000000000000000a";
const YOUNGER = "i-0000000000000000b";
const HOOK: HookInput = { name: "drain", transition: "terminating", heartbeatTimeoutSeconds: 300 };

function start(group: Partial<GroupInput> = {}) {
  const clock = new VirtualClock();
  const model = new AwsModel({ clock });
  const events: BusEvent[] = [];
  model.eventBridge.onEvent((event) => events.push(event));
  model.autoScaling.createGroup({
    name: GROUP,
    hooks: [HOOK],
    instances: [{ id: NODE }],
    ...group,
  });
  const { autoScaling } = model;
  return {
    clock,
    model,
    autoScaling,
    state: (id = NODE) => autoScaling.findMember(id)?.lifecycleState,
    terminations: () =>
      events.filter((event) => event["detail-type"] === "EC2 Instance-terminate Lifecycle Action"),
    references: (id = NODE) =>
      autoScaling
        .waitings(id)
        .map(({ group: name, hook, token }) => ({ group: name, hook: hook.name, token })),
    seconds: () => (clock.now().getTime() - Date.UTC(2026, 0, 1)) / 1_000,
  };
}

const NO_ACTION = /No active Lifecycle Action found/;

describe("a terminate hook", () => {
  it("holds the instance until it is completed, then EC2 ends it", async () => {
    const { autoScaling, model, clock, state, references } = start();
    autoScaling.terminateInstance(NODE, true);
    expect(state()).toBe("Terminating");
    await clock.advance(1);
    expect(state()).toBe("Terminating:Wait");
    expect(model.ec2.get(NODE).state).toBe("running");
    for (const reference of references()) autoScaling.complete(reference, "CONTINUE");
    expect(state()).toBe("Terminating:Proceed");
    await clock.advance(1);
    expect(model.ec2.get(NODE).state).toBe("shutting-down");
    await clock.advance(30);
    expect(model.ec2.get(NODE).state).toBe("terminated");
    expect(state()).toBeUndefined();
    expect(autoScaling.group(GROUP).members.size).toBe(0);
  });

  it("tells of itself in an event Drover can read", async () => {
    const { autoScaling, clock, terminations, references } = start({
      hooks: [{ ...HOOK, notificationMetadata: "from ops" }],
    });
    autoScaling.setDesiredCapacity(GROUP, 0);
    await clock.advance(1);
    const event = TerminateLifecycleEvent.parse(terminations()[0]);
    expect(event).toMatchObject({
      account: "111111111111",
      region: "eu-central-1",
      time: "2026-01-01T00:00:01Z",
      detail: {
        LifecycleActionToken: references()[0]?.token,
        AutoScalingGroupName: GROUP,
        LifecycleHookName: "drain",
        EC2InstanceId: NODE,
        NotificationMetadata: "from ops",
        Origin: "AutoScalingGroup",
        Destination: "EC2",
      },
    });
  });

  it("runs out at its heartbeat timeout, with the default result", async () => {
    const { autoScaling, clock, state, references } = start();
    autoScaling.terminateInstance(NODE, true);
    await clock.advance(300);
    expect(state()).toBe("Terminating:Wait");
    const [reference] = references();
    if (!reference) throw new Error("nothing waits");
    await clock.advance(1);
    expect(state()).toBe("Terminating:Proceed");
    expect(() => autoScaling.complete(reference, "CONTINUE")).toThrow(NO_ACTION);
    expect(() => autoScaling.heartbeat(reference)).toThrow(NO_ACTION);
  });

  it("is held by heartbeats up to 100 times its timeout, and no longer", async () => {
    const { autoScaling, clock, state, references, seconds } = start({
      hooks: [{ ...HOOK, heartbeatTimeoutSeconds: 30 }],
    });
    autoScaling.terminateInstance(NODE, true);
    await clock.advance(1);
    while (state() === "Terminating:Wait") {
      for (const reference of references()) autoScaling.heartbeat(reference);
      await clock.advance(20);
    }
    expect(seconds()).toBeGreaterThanOrEqual(3_000);
    expect(seconds()).toBeLessThan(3_030);
  });

  it("is capped at 48 hours however long its heartbeat", () => {
    const { autoScaling } = start({ hooks: [{ ...HOOK, heartbeatTimeoutSeconds: 7_200 }] });
    expect(autoScaling.group(GROUP).hooks.get("drain")).toMatchObject({
      globalTimeoutSeconds: 172_800,
      defaultResult: "ABANDON",
    });
    expect(() => autoScaling.putHook(GROUP, { ...HOOK, heartbeatTimeoutSeconds: 29 })).toThrow(
      /between 30 and 7200/,
    );
  });

  it("refuses who completes too early, by a wrong token or for another instance", async () => {
    const { autoScaling, clock, state, references } = start();
    const byInstance = { group: GROUP, hook: "drain", instanceId: NODE };
    autoScaling.terminateInstance(NODE, true);
    expect(() => autoScaling.complete(byInstance, "CONTINUE")).toThrow(
      `No active Lifecycle Action found with instance ID ${NODE}`,
    );
    await clock.advance(1);
    const wrong = [
      { ...byInstance, instanceId: YOUNGER },
      { ...byInstance, hook: "other" },
      { ...byInstance, token: "other" },
    ];
    for (const reference of wrong) {
      expect(() => autoScaling.complete(reference, "CONTINUE")).toThrow(NO_ACTION);
    }
    expect(references()).toHaveLength(1);
    autoScaling.complete(byInstance, "CONTINUE");
    expect(state()).toBe("Terminating:Proceed");
  });

  it("can send its event before it lets itself be completed", async () => {
    const clock = new VirtualClock();
    const autoScaling = { waitBeginsSeconds: 5, eventLeadSeconds: 5 };
    const model = new AwsModel({ clock, autoScaling });
    model.autoScaling.createGroup({ name: GROUP, hooks: [HOOK], instances: [{ id: NODE }] });
    const tokens: string[] = [];
    model.eventBridge.onEvent((event) => {
      const parsed = TerminateLifecycleEvent.safeParse(event);
      if (parsed.success) tokens.push(parsed.data.detail.LifecycleActionToken);
    });
    model.autoScaling.terminateInstance(NODE, true);
    await clock.advance(0);
    const reference = { group: GROUP, hook: "drain", token: tokens[0] };
    expect(() => model.autoScaling.complete(reference, "CONTINUE")).toThrow(NO_ACTION);
    await clock.advance(5);
    model.autoScaling.complete(reference, "CONTINUE");
    expect(model.autoScaling.waitings(NODE)).toEqual([]);
  });
});

describe("several hooks on one transition", () => {
  const hooks = [HOOK, { ...HOOK, name: "logs" }];

  it("have their own tokens and events, and all must be completed", async () => {
    const { autoScaling, clock, state, references, terminations } = start({ hooks });
    autoScaling.terminateInstance(NODE, true);
    await clock.advance(1);
    const [first, second] = references();
    if (!first || !second) throw new Error("two hooks should wait");
    expect(first.token).not.toBe(second.token);
    expect(terminations()).toHaveLength(2);
    autoScaling.complete(first, "CONTINUE");
    expect(state()).toBe("Terminating:Wait");
    autoScaling.complete(second, "CONTINUE");
    expect(state()).toBe("Terminating:Proceed");
  });

  it("all end when one is abandoned", async () => {
    const { autoScaling, clock, state, references } = start({ hooks });
    autoScaling.terminateInstance(NODE, true);
    await clock.advance(1);
    const [first, second] = references();
    if (!first || !second) throw new Error("two hooks should wait");
    autoScaling.complete(first, "ABANDON");
    expect(state()).toBe("Terminating:Proceed");
    expect(() => autoScaling.complete(second, "CONTINUE")).toThrow(NO_ACTION);
  });
});

describe("a group", () => {
  it("scales in the oldest instance and replaces what it was not told to lose", async () => {
    const { autoScaling, clock, state } = start({ hooks: [] });
    await clock.advance(10);
    autoScaling.setDesiredCapacity(GROUP, 2);
    await clock.advance(10);
    const members = () => [...autoScaling.group(GROUP).members.keys()];
    expect(members()).toHaveLength(2);
    autoScaling.updateGroup(GROUP, { max: 1 });
    expect(state(NODE)).toBe("Terminating");
    await clock.advance(60);
    const [left] = members();
    expect(members()).toEqual([expect.not.stringMatching(NODE)]);
    autoScaling.terminateInstance(left ?? "", false);
    await clock.advance(60);
    expect(members()).toEqual([expect.not.stringMatching(left ?? "")]);
    expect(autoScaling.members().map((member) => member.lifecycleState)).toEqual(["InService"]);
  });

  it("does not go below its smallest size", () => {
    const { autoScaling, state } = start({ minSize: 1 });
    expect(() => autoScaling.terminateInstance(NODE, true)).toThrow(/min size/);
    expect(() => autoScaling.setDesiredCapacity(GROUP, 0)).toThrow(/below min value 1/);
    expect(() => autoScaling.terminateInstance(YOUNGER, true)).toThrow(/Instance Id not found/);
    expect(state()).toBe("InService");
  });

  it("sends an instance that EC2 lost through the hook, when it is already gone", async () => {
    const { model, clock, terminations, references, state, autoScaling } = start();
    model.ec2.terminate(NODE);
    await clock.advance(35);
    expect(terminations()).toHaveLength(1);
    expect(model.ec2.get(NODE).state).toBe("terminated");
    expect(state()).toBe("Terminating:Wait");
    for (const reference of references()) autoScaling.complete(reference, "CONTINUE");
    await clock.advance(10);
    expect(state()).toBeUndefined();
    expect(autoScaling.members().map((member) => member.lifecycleState)).toEqual(["InService"]);
  });

  it("keeps a launched instance waiting at its launch hook, and replaces an abandoned one", async () => {
    const { autoScaling, clock, references } = start({
      hooks: [{ ...HOOK, name: "join", transition: "launching" }],
      instances: [],
      desiredCapacity: 1,
    });
    await clock.advance(10);
    const [member] = autoScaling.members();
    expect(member?.lifecycleState).toBe("Pending:Wait");
    for (const reference of references(member?.instanceId)) {
      autoScaling.complete(reference, "ABANDON");
    }
    await clock.advance(60);
    const [next] = autoScaling.members();
    expect(next?.instanceId).not.toBe(member?.instanceId);
    for (const reference of references(next?.instanceId)) {
      autoScaling.complete(reference, "CONTINUE");
    }
    await clock.advance(1);
    expect(next?.lifecycleState).toBe("InService");
  });
});

describe("a terminate event that is no termination", () => {
  it("goes to the warm pool", async () => {
    const { autoScaling, clock, terminations, references, state, model } = start();
    autoScaling.moveToWarmPool(NODE);
    await clock.advance(1);
    expect(terminations()[0]?.detail).toMatchObject({ Destination: "WarmPool" });
    for (const reference of references()) autoScaling.complete(reference, "CONTINUE");
    await clock.advance(30);
    expect(state()).toBe("Warmed:Stopped");
    expect(model.ec2.get(NODE).state).toBe("stopped");
  });

  it("replaces the root volume", async () => {
    const { autoScaling, clock, terminations, references, state, model } = start();
    autoScaling.replaceRootVolume(NODE);
    await clock.advance(1);
    expect(state()).toBe("ReplacingRootVolume:Wait");
    expect(terminations()[0]?.detail).toMatchObject({ Action: "ReplaceRootVolume" });
    for (const reference of references()) autoScaling.complete(reference, "CONTINUE");
    expect(state()).toBe("ReplacingRootVolume:Proceed");
    await clock.advance(31);
    expect(state()).toBe("RootVolumeReplaced");
    await clock.advance(1);
    expect(state()).toBe("InService");
    expect(model.ec2.get(NODE).state).toBe("running");
  });
});

describe("the test notification", () => {
  it("comes to a hook's own target when the hook is put, and never on the bus", async () => {
    const { model, autoScaling, terminations } = start({ hooks: [] });
    const queue = model.sqs.createQueue({ name: "direct" });
    autoScaling.putHook(GROUP, { ...HOOK, notificationTargetArn: queue.arn });
    expect(queue.bodies().map((body) => TestNotification.parse(JSON.parse(body)))).toEqual([
      { Event: "autoscaling:TEST_NOTIFICATION", AutoScalingGroupName: GROUP },
    ]);
    expect(terminations()).toEqual([]);
  });
});

describe("events of AWS", () => {
  it("come on best effort: lost, late or twice", async () => {
    const { model, autoScaling, clock } = start();
    const queue = model.sqs.createQueue({ name: "drain" });
    const pattern = { "detail-type": ["EC2 Instance-terminate Lifecycle Action"] };
    model.eventBridge.putRule("default", { name: "drain", pattern, targets: [{ queue }] });
    model.eventBridge.delivery = () => [0, 5];
    autoScaling.terminateInstance(NODE, true);
    await clock.advance(1);
    expect(queue.bodies()).toHaveLength(1);
    await clock.advance(5);
    const [one, two] = queue.bodies();
    expect(queue.bodies()).toHaveLength(2);
    expect(one).toBe(two);
  });
});
