import { describe, expect, it } from "vitest";
import { LaunchLifecycleEvent } from "../../lambdas/contracts/lifecycle-event.ts";
import type { GroupInput } from "../../local/aws/auto-scaling/group-input.ts";
import type { HookInput } from "../../local/aws/auto-scaling/hook.ts";
import { AwsModel, type AwsModelSettings } from "../../local/aws/aws-model.ts";
import type { BusEvent } from "../../local/aws/event-bridge/event.ts";
import { VirtualClock } from "../../local/clock.ts";

// What is claimed here is documented by AWS: "Lifecycle hooks", "Warm pools" and "Instance refresh" in
// the Auto Scaling guide.

const GROUP = "nomad-clients";
const JOIN: HookInput = { name: "join", transition: "launching", heartbeatTimeoutSeconds: 300 };
const DRAIN: HookInput = { name: "drain", transition: "terminating", heartbeatTimeoutSeconds: 300 };

function start(group: Partial<GroupInput> = {}, settings: Partial<AwsModelSettings> = {}) {
  const clock = new VirtualClock();
  const model = new AwsModel({ clock, ...settings });
  const { autoScaling } = model;
  const events: BusEvent[] = [];
  model.eventBridge.onEvent((event) => events.push(event));
  autoScaling.createGroup({ name: GROUP, hooks: [JOIN], maxSize: 10, ...group });
  const waiting = (id: string) => autoScaling.waitings(id);
  return {
    clock,
    model,
    autoScaling,
    ids: () => autoScaling.members().map(({ instanceId }) => instanceId),
    states: () => autoScaling.members().map(({ lifecycleState }) => lifecycleState),
    waiting,
    details: (type: string) =>
      events.filter((event) => event["detail-type"] === type).map(({ detail }) => detail),
    launches: () =>
      events.flatMap((event) => {
        const launch = LaunchLifecycleEvent.safeParse(event);
        return launch.success ? [launch.data.detail] : [];
      }),
    complete: (id: string, result: "CONTINUE" | "ABANDON", hook?: string) => {
      for (const each of waiting(id)) {
        if (hook !== undefined && each.hook.name !== hook) continue;
        autoScaling.complete({ group: GROUP, hook: each.hook.name, token: each.token }, result);
      }
    },
  };
}

/** Completes everything that waits, until nothing changes for a while. */
async function letAllThrough({ clock, ids, complete }: ReturnType<typeof start>, seconds = 200) {
  for (let passed = 0; passed < seconds; passed += 5) {
    await clock.advance(5);
    for (const id of ids()) complete(id, "CONTINUE");
  }
}

describe("a launch hook", () => {
  it("holds the instance back until it is completed", async () => {
    const world = start();
    world.autoScaling.setDesiredCapacity(GROUP, 1);
    expect(world.states()).toEqual(["Pending"]);
    await world.clock.advance(6);
    expect(world.states()).toEqual(["Pending:Wait"]);
    const [id = ""] = world.ids();
    expect(world.launches()).toMatchObject([
      {
        EC2InstanceId: id,
        LifecycleHookName: "join",
        LifecycleActionToken: world.waiting(id)[0]?.token,
        Origin: "EC2",
        Destination: "AutoScalingGroup",
      },
    ]);
    world.complete(id, "CONTINUE");
    expect(world.states()).toEqual(["Pending:Proceed"]);
    await world.clock.advance(1);
    expect(world.states()).toEqual(["InService"]);
    expect(world.details("EC2 Instance Launch Successful")).toMatchObject([{ EC2InstanceId: id }]);
  });

  it("is one of several that all have to be completed", async () => {
    const world = start({ hooks: [JOIN, { ...JOIN, name: "bootstrap" }], desiredCapacity: 1 });
    await world.clock.advance(10);
    const [id = ""] = world.ids();
    expect(world.launches()).toHaveLength(2);
    world.complete(id, "CONTINUE", "bootstrap");
    expect(world.states()).toEqual(["Pending:Wait"]);
    world.complete(id, "CONTINUE", "join");
    await world.clock.advance(1);
    expect(world.states()).toEqual(["InService"]);
  });

  it("that nobody completes abandons the launch, again and again", async () => {
    const world = start({ desiredCapacity: 1 });
    await world.clock.advance(305);
    expect(world.ids()).toHaveLength(1);
    await world.clock.advance(1_000);
    expect(new Set(world.launches().map((launch) => launch.EC2InstanceId)).size).toBe(5);
    expect(world.details("EC2 Instance Launch Unsuccessful")).toHaveLength(4);
    expect(world.autoScaling.members().some((each) => each.lifecycleState === "InService")).toBe(
      false,
    );
  });

  it.each([
    [true, ["Terminating:Wait", "Pending"], "running"],
    [false, ["Terminating:Proceed", "Pending"], "shutting-down"],
  ])("abandoned, with terminate hooks after it: %s", async (hooks, states, ec2) => {
    const autoScaling = { terminateHooksAfterAbandon: hooks };
    const world = start({ hooks: [JOIN, DRAIN], desiredCapacity: 1 }, { autoScaling });
    await world.clock.advance(10);
    const [id = ""] = world.ids();
    world.complete(id, "ABANDON");
    await world.clock.advance(3);
    expect(world.states()).toEqual(states);
    expect(world.model.ec2.get(id).state).toBe(ec2);
    await world.clock.advance(400);
    expect(world.ids()).not.toContain(id);
  });

  it("ends when its instance is terminated meanwhile, and is heard of no more", async () => {
    const world = start({ hooks: [JOIN, DRAIN], desiredCapacity: 1 });
    await world.clock.advance(10);
    const [id = ""] = world.ids();
    const token = world.waiting(id)[0]?.token;
    world.autoScaling.terminateInstance(id, true);
    await world.clock.advance(2);
    expect(world.states()).toEqual(["Terminating:Wait"]);
    expect(() =>
      world.autoScaling.complete({ group: GROUP, hook: "join", token }, "CONTINUE"),
    ).toThrow(/No active Lifecycle Action/);
  });

  it("is not reached by an instance that dies before it runs", async () => {
    const world = start({ desiredCapacity: 1 });
    const [first = ""] = world.ids();
    world.model.ec2.terminate(first);
    await world.clock.advance(60);
    expect(world.ids()).toEqual([expect.not.stringMatching(first)]);
    expect(world.launches().map((launch) => launch.EC2InstanceId)).toEqual(world.ids());
    expect(world.details("EC2 Instance Launch Unsuccessful")).toHaveLength(1);
  });

  it("goes on waiting when its instance dies, which is noticed once it is in service", async () => {
    const world = start({ desiredCapacity: 1 });
    await world.clock.advance(10);
    const [id = ""] = world.ids();
    world.model.ec2.terminate(id);
    await world.clock.advance(100);
    expect(world.states()).toEqual(["Pending:Wait"]);
    world.complete(id, "CONTINUE");
    await world.clock.advance(2);
    expect(world.states()).toEqual(["InService"]);
    await world.clock.advance(60);
    expect(world.ids()).toEqual([expect.not.stringMatching(id)]);
  });
});

describe("a warm pool", () => {
  const pool = { minSize: 1, state: "Stopped", maxPreparedCapacity: 2 } as const;

  it("is stocked through the launch hook, whose event says so, and its instances stop", async () => {
    const world = start();
    world.autoScaling.putWarmPool(GROUP, { ...pool, maxPreparedCapacity: 1 });
    await world.clock.advance(6);
    expect(world.states()).toEqual(["Warmed:Pending:Wait"]);
    expect(world.launches()).toMatchObject([{ Origin: "EC2", Destination: "WarmPool" }]);
    const [id = ""] = world.ids();
    world.complete(id, "CONTINUE");
    expect(world.states()).toEqual(["Warmed:Pending:Proceed"]);
    await world.clock.advance(30);
    expect(world.states()).toEqual(["Warmed:Stopped"]);
    expect(world.model.ec2.get(id).state).toBe("stopped");
  });

  it("gives its instances to the group through the launch hook again, and is restocked", async () => {
    const world = start();
    world.autoScaling.putWarmPool(GROUP, pool);
    await letAllThrough(world);
    expect(world.states()).toEqual(["Warmed:Stopped", "Warmed:Stopped"]);
    const [first = ""] = world.ids();
    world.autoScaling.setDesiredCapacity(GROUP, 1);
    expect(world.autoScaling.findMember(first)?.lifecycleState).toBe("Pending");
    await world.clock.advance(6);
    expect(world.model.ec2.get(first).state).toBe("running");
    expect(world.autoScaling.findMember(first)?.lifecycleState).toBe("Pending:Wait");
    expect(world.launches().at(-1)).toMatchObject({
      EC2InstanceId: first,
      Origin: "WarmPool",
      Destination: "AutoScalingGroup",
    });
    await letAllThrough(world);
    expect(world.states().sort()).toEqual(["InService", "Warmed:Stopped"]);
  });

  it("keeps running instances, when told so, and lets the group launch when it is empty", async () => {
    const world = start();
    world.autoScaling.putWarmPool(GROUP, { ...pool, state: "Running", maxPreparedCapacity: 1 });
    await letAllThrough(world);
    const [warmed = ""] = world.ids();
    expect(world.model.ec2.get(warmed).state).toBe("running");
    world.autoScaling.setDesiredCapacity(GROUP, 3);
    await letAllThrough(world);
    expect(world.autoScaling.findMember(warmed)?.lifecycleState).toBe("InService");
    expect(world.states().filter((state) => state === "InService")).toHaveLength(3);
    expect(world.states().filter((state) => state === "Warmed:Running")).toHaveLength(1);
  });

  it("takes instances back on scale-in, when told so", async () => {
    const world = start({ hooks: [JOIN, DRAIN], desiredCapacity: 1 });
    await letAllThrough(world);
    const [id = ""] = world.ids();
    world.autoScaling.putWarmPool(GROUP, { maxPreparedCapacity: 1, reuseOnScaleIn: true });
    await letAllThrough(world);
    world.autoScaling.setDesiredCapacity(GROUP, 0);
    await world.clock.advance(2);
    expect(world.details("EC2 Instance-terminate Lifecycle Action")).toMatchObject([
      { EC2InstanceId: id, Origin: "AutoScalingGroup", Destination: "WarmPool" },
    ]);
    await letAllThrough(world);
    expect(world.states()).toEqual(["Warmed:Stopped"]);
    expect(world.ids()).toEqual([id]);
  });

  it("ends what it has too much of through the terminate hook", async () => {
    const world = start({ hooks: [DRAIN] });
    world.autoScaling.putWarmPool(GROUP, pool);
    await letAllThrough(world);
    world.autoScaling.putWarmPool(GROUP, { ...pool, maxPreparedCapacity: 1 });
    await world.clock.advance(2);
    expect(world.states().sort()).toEqual(["Warmed:Stopped", "Warmed:Terminating:Wait"]);
    expect(world.details("EC2 Instance-terminate Lifecycle Action")).toMatchObject([
      { Origin: "WarmPool", Destination: "EC2" },
    ]);
    const [id = ""] = world.ids();
    expect(() => world.autoScaling.terminateInstance(id, false)).toThrow(/warm pool/);
  });

  it("replaces an instance that did not get ready", async () => {
    const world = start();
    world.autoScaling.putWarmPool(GROUP, { ...pool, maxPreparedCapacity: 1 });
    await world.clock.advance(10);
    const [id = ""] = world.ids();
    world.complete(id, "ABANDON");
    await world.clock.advance(60);
    expect(world.ids()).toEqual([expect.not.stringMatching(id)]);
    expect(world.states()).toEqual(["Warmed:Pending:Wait"]);
  });
});

describe("an instance refresh", () => {
  it("replaces one instance after another, through both hooks", async () => {
    const world = start({ hooks: [JOIN, DRAIN], desiredCapacity: 3 });
    await letAllThrough(world);
    const before = world.ids();
    const { id } = world.autoScaling.startInstanceRefresh(GROUP);
    expect(() => world.autoScaling.startInstanceRefresh(GROUP)).toThrow(/already in progress/);
    await world.clock.advance(10);
    expect(world.states().sort()).toEqual([
      "InService",
      "InService",
      "Pending:Wait",
      "Terminating:Wait",
    ]);
    await letAllThrough(world, 400);
    expect(world.states()).toEqual(["InService", "InService", "InService"]);
    expect(world.ids().filter((each) => before.includes(each))).toEqual([]);
    const detail = { InstanceRefreshId: id, AutoScalingGroupName: GROUP };
    expect(world.details("EC2 Auto Scaling Instance Refresh Started")).toEqual([detail]);
    expect(world.details("EC2 Auto Scaling Instance Refresh Succeeded")).toEqual([detail]);
  });

  it("replaces as many at once as may be missing", async () => {
    const world = start({ desiredCapacity: 4 });
    await letAllThrough(world);
    world.autoScaling.startInstanceRefresh(GROUP, 50);
    await world.clock.advance(10);
    expect(world.states().filter((state) => state === "InService")).toHaveLength(2);
    expect(world.states().filter((state) => state === "Pending:Wait")).toHaveLength(2);
  });

  it("does not go on when a new instance never comes into service", async () => {
    const world = start({ desiredCapacity: 2 });
    await letAllThrough(world);
    world.autoScaling.startInstanceRefresh(GROUP);
    await world.clock.advance(3_000);
    expect(world.states().filter((state) => state === "InService")).toHaveLength(1);
    world.autoScaling.cancelInstanceRefresh(GROUP);
    expect(() => world.autoScaling.cancelInstanceRefresh(GROUP)).toThrow(/No in progress/);
    expect(world.autoScaling.instanceRefreshes(GROUP)).toMatchObject([{ status: "Cancelled" }]);
  });

  it("replaces what rests in the warm pool, too", async () => {
    const world = start({ desiredCapacity: 1 });
    world.autoScaling.putWarmPool(GROUP, { minSize: 1, maxPreparedCapacity: 2 });
    await letAllThrough(world);
    const before = world.ids();
    world.autoScaling.startInstanceRefresh(GROUP);
    await letAllThrough(world, 400);
    expect(world.states().sort()).toEqual(["InService", "Warmed:Stopped"]);
    expect(world.ids().filter((each) => before.includes(each))).toEqual([]);
  });
});
