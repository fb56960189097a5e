import { LaunchLifecycleEvent } from "../../lambdas/contracts/events/lifecycle-event.ts";
import type { GroupInput } from "../../local/aws/auto-scaling/group-input.ts";
import type { HookInput } from "../../local/aws/auto-scaling/hook.ts";
import { AwsModel, type AwsModelSettings } from "../../local/aws/aws-model.ts";
import type { BusEvent } from "../../local/aws/event-bridge/event.ts";
import { VirtualClock } from "../../local/clock.ts";

export const GROUP = "nomad-clients";
export const JOIN: HookInput = {
  name: "join",
  transition: "launching",
  heartbeatTimeoutSeconds: 300,
};
export const DRAIN: HookInput = {
  name: "drain",
  transition: "terminating",
  heartbeatTimeoutSeconds: 300,
};

/** A group with a launch hook, what it tells the bus, and its instances at their hooks. */
export function startGroup(
  group: Partial<GroupInput> = {},
  settings: Partial<AwsModelSettings> = {},
) {
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
    all: () => events,
    eventsOf: (type: string) => events.filter((event) => event["detail-type"] === type),
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
export async function letAllThrough(
  { clock, ids, complete }: ReturnType<typeof startGroup>,
  seconds = 200,
) {
  for (let passed = 0; passed < seconds; passed += 5) {
    await clock.advance(5);
    for (const id of ids()) complete(id, "CONTINUE");
  }
}
