import { METRICS } from "../../contracts/names.ts";
import type { Pass } from "../pass.ts";
import { PortError } from "../ports/errors.ts";
import type { HookIntent } from "../record.ts";
import { again, next, type Step } from "../step.ts";
import { waitsAtHook } from "./passage.ts";

/** For a hook whose timeout can't be read: few are set to less than three times this. */
const UNKNOWN_PERIOD_SECONDS = 30;

/** Restarts the hooks' timeout at a third of it, so that two heartbeats may get lost. */
export const heartbeatHooks: Step = {
  name: "heartbeat the hook",
  async run(pass) {
    if (pass.instanceGone || !isToBeKept(pass)) return next;
    if (!waits(pass)) return next;
    let seconds = Number.POSITIVE_INFINITY;
    for (const hook of pass.openHooks) {
      const period = await periodOf(pass, hook);
      if (period === undefined) continue;
      if (isDue(pass, hook, period)) await heartbeat(pass, hook);
      seconds = Math.min(seconds, period);
    }
    return Number.isFinite(seconds) ? again(seconds, "the hook needs its next heartbeat") : next;
  },
};

// A drain that is paused or given up lets the hook run out: the instance ends, as it was to. A launch
// hook that runs out replaces the instance, which nobody has decided then.
function isToBeKept({ mode, record }: Pass): boolean {
  return record.flow === "join-client" || (mode !== "pause" && !record.progress.gaveUp);
}

// While Auto Scaling does not tell the state, the last one counts: a heartbeat too many does no harm.
function waits(pass: Pass): boolean {
  const state = pass.lifecycleState ?? pass.record.progress.lifecycle?.state;
  return state !== undefined && waitsAtHook(pass, state);
}

function isDue(pass: Pass, hook: HookIntent, period: number): boolean {
  const since = (hook.heartbeatAt ?? hook.since).getTime();
  return pass.now.getTime() - since >= period * 1_000;
}

// Undefined for a hook that is no longer there.
async function periodOf(pass: Pass, { group, name }: HookIntent): Promise<number | undefined> {
  try {
    const known = await pass.ports.autoScaling.hooks(group);
    const hook = known.find((each) => each.name === name);
    return hook && hook.heartbeatTimeoutSeconds / 3;
  } catch (error) {
    if (error instanceof PortError) return UNKNOWN_PERIOD_SECONDS;
    throw error;
  }
}

async function heartbeat(pass: Pass, hook: HookIntent): Promise<void> {
  const { instanceId } = pass;
  const { group, name, token } = hook;
  const send = () => pass.ports.autoScaling.heartbeat({ group, hook: name, token, instanceId });
  const isPaused = pass.mode === "pause";
  const done = await (isPaused ? send() : pass.act(`sent a heartbeat to hook ${name}`, send));
  if (done === "done") pass.hook(hook, { heartbeatAt: pass.now });
  if (done !== "no-active-action" || !pass.lifecycleState) return;
  // Another hook holds the instance; ours ran out or was ended by somebody else.
  pass.hook(hook, { over: { at: pass.now, by: "somebody-else" } });
  pass.saw(`hook ${name} is over although Drover did not end it`);
  pass.ports.metrics.count(METRICS.hookLost);
}
