import { earlier } from "../merge.ts";
import { next, type Step } from "../step.ts";

/** Time kept between our deadline and the end that no heartbeat can move. */
const BEFORE_CAP_SECONDS = 15;

/** Moves the deadline before the hooks' own cap: heartbeats restart a hook's timeout, not that. */
export const keepWithinHook: Step = {
  name: "keep within the hook's cap",
  isOptional: true,
  async run(pass) {
    for (const hook of pass.openHooks) {
      const known = await pass.ports.autoScaling.hooks(hook.group);
      const cap = known.find(({ name }) => name === hook.name)?.globalTimeoutSeconds;
      if (cap === undefined) continue;
      const latest = new Date(hook.since.getTime() + (cap - BEFORE_CAP_SECONDS) * 1_000);
      const deadlineAt = earlier(pass.record.deadlineAt, latest);
      pass.record = { ...pass.record, deadlineAt };
    }
    return next;
  },
};
