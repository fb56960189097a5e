import { METRICS } from "../../contracts/names.ts";
import { obstacleTo } from "../choice/obstacle.ts";
import type { Obstacle } from "../choice/outage.ts";
import { leaveSlot, planSlot, releaseSlot, slotPauseSeconds, takeSlot } from "../choice/slot.ts";
import type { Pass } from "../pass.ts";
import { again, finish, next, type Step, type StepResult, WRITTEN_DOWN_FIRST } from "../step.ts";
import { findings } from "./findings.ts";

const OBSTACLE_PAUSE_SECONDS = 30;
const BREAKER_PAUSE_SECONDS = 60;

/**
 * Hands a node that did not heal over to drain-client: when nothing stands in the way, the breaker allows
 * it, and its pool's budget has a slot, which the drain then keeps.
 */
export const replace: Step = {
  name: "replace",
  async run(pass) {
    const obstacle = await obstacleTo(pass);
    if (obstacle) return (await leaveSlot(pass)) ?? standsInTheWay(pass, obstacle);
    const open = await breaker(pass);
    if (open) return again(BREAKER_PAUSE_SECONDS, open);
    if (planSlot(pass, pass.node)) return again(1, WRITTEN_DOWN_FIRST);
    const hadSlot = pass.record.progress.slot?.takenAt;
    const full = await takeSlot(pass, pass.node);
    if (full) return again(slotPauseSeconds(pass), full.why, full.detail);
    // The drain finds it in the record.
    const isNew = !hadSlot && pass.record.progress.slot?.takenAt;
    return isNew ? again(1, WRITTEN_DOWN_FIRST) : handOver(pass);
  },
};

/** Waits for what is neither the node's fault nor its own to mend. */
export function standsInTheWay(pass: Pass, { why, detail, isOutage }: Obstacle): StepResult {
  if (isOutage) pass.ports.metrics.count(METRICS.healBreakerOpen);
  return again(OBSTACLE_PAUSE_SECONDS, why, detail);
}

/** Gives the slot back, unless the drain goes on with it. */
export const releaseUnlessHandedOver: Step = {
  ...releaseSlot,
  run: async (pass) => (pass.healing.handedOverAt ? next : releaseSlot.run(pass)),
};

// It closes by itself, when what was replaced is older than the window.
async function breaker(pass: Pass): Promise<string | undefined> {
  const { ports, record, policies } = pass;
  const { group, nodeId } = record;
  if (!group) throw new Error("the node's group is not known");
  const { replacements: most, windowSeconds } = policies.heal.breaker;
  const asked = await pass.act("asked the breaker to replace it", async () => {
    const answer = await ports.breaker.ask("replace", group, nodeId, { most, windowSeconds });
    return answer === "open" ? "open" : "closed";
  });
  if (asked !== "open") return undefined;
  ports.metrics.count(METRICS.healBreakerOpen);
  return `the breaker of group ${group} is open: ${most} nodes were to be replaced within ${windowSeconds / 60} min, and it may not be the nodes`;
}

async function handOver(pass: Pass): Promise<StepResult> {
  const { ports, record, now } = pass;
  const why = findings(pass);
  const hint = {
    key: `replace/${record.drainId}`,
    reason: "replace",
    ...(record.group && { group: record.group }),
    occurredAt: now,
    why,
  } as const;
  const done = await pass.act("handed it over to be drained and replaced", async () => {
    await ports.hints.send("drain-client", [{ nodeId: record.nodeId, hint }]);
    return "done";
  });
  if (done === "held back") return finish("reported", `${why}; nothing was changed`);
  pass.heal({ handedOverAt: now });
  ports.metrics.count(METRICS.healReplaced);
  return finish("to-be-replaced", why);
}
