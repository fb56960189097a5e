import { METRICS } from "../../contracts/names.ts";
import type { Pass } from "../pass.ts";
import type { HookIntent } from "../record.ts";
import { again, next, type Step, type StepResult } from "../step.ts";
import { isAboutToWait, waitsAtHook } from "./passage.ts";

/** Refusals after which a hook counts as over although the instance waits, for another hook then. */
const MOST_REFUSALS = 10;

/** Lets the instance go on: completes every hook at which it waits for us. */
export const completeHooks: Step = {
  name: "complete the hook",
  async run(pass) {
    for (const hook of pass.openHooks) {
      const result = pass.instanceGone ? lost(pass, hook, "gone") : await complete(pass, hook);
      if (result.kind !== "next") return result;
    }
    return next;
  },
};

async function complete(pass: Pass, hook: HookIntent): Promise<StepResult> {
  const { instanceId } = pass;
  const { group, name, token } = hook;
  const action = { group, hook: name, token, instanceId };
  const isAbandoned = pass.record.flow === "join-client" && pass.joining.verdict?.abandon;
  const result = isAbandoned ? "ABANDON" : "CONTINUE";
  const done = await pass.act(`completed hook ${name} with ${result}`, () =>
    pass.ports.autoScaling.complete(action, result),
  );
  if (done === "held back") return next;
  if (done === "done") {
    pass.hook(hook, { over: { at: pass.now, by: "drover" } });
    pass.ports.metrics.count(METRICS.hookCompleted);
    return next;
  }
  return lookInto(pass, hook);
}

// "No active Lifecycle Action": over already, or not quite begun. The instance's state tells.
async function lookInto(pass: Pass, hook: HookIntent): Promise<StepResult> {
  const member = await pass.ports.autoScaling.instance(pass.instanceId);
  const state = member?.lifecycleState ?? "in no group";
  if (isAboutToWait(pass, state)) {
    return again(2, `hook ${hook.name} can't be completed yet: the instance is ${state}`);
  }
  const refusals = (hook.refusals ?? 0) + 1;
  pass.hook(hook, { refusals });
  if (waitsAtHook(pass, state) && refusals < MOST_REFUSALS) {
    return again(2, `hook ${hook.name} can't be completed yet although the instance is ${state}`);
  }
  return lost(pass, hook, state);
}

function lost(pass: Pass, hook: HookIntent, state: string): StepResult {
  pass.hook(hook, { over: { at: pass.now, by: "somebody-else" } });
  pass.saw(`hook ${hook.name} is over already: the instance is ${state}`);
  if (pass.mode === "act") pass.ports.metrics.count(METRICS.hookLost);
  return next;
}
