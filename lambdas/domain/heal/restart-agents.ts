import { METRICS } from "../../contracts/names.ts";
import { outage } from "../choice/outage.ts";
import type { Pass } from "../pass.ts";
import { PortError } from "../ports/errors.ts";
import { countFailure } from "../run-flow.ts";
import { again, next, type Step, type StepResult, WRITTEN_DOWN_FIRST } from "../step.ts";
import { diagnosisOf } from "./diagnose.ts";
import { standsInTheWay } from "./replace.ts";

/** What the journal calls a restart, from its plan to its end. */
export const RESTART = "restart the agents";

/** A plan that is older was left behind: it is made anew, so that the window counts from the order. */
const PLAN_SECONDS = 60;
/** So long Systems Manager may take to show a command whose order got no answer. */
const UNCLEAR_SECONDS = 20;

/**
 * Has the node's agents restarted, where that may help, once within the window; but not those of half a
 * cluster at once, when it is the network or the servers.
 */
export const restartAgents: Step = {
  name: RESTART,
  async run(pass) {
    const { enabled, units } = pass.policies.heal;
    if (!enabled || !diagnosisOf(pass).verdict.isRestartable || wasRestartedLately(pass))
      return next;
    const obstacle = await outage(pass);
    if (obstacle) return standsInTheWay(pass, obstacle);
    if (pass.mode === "act" && !isPlanned(pass)) {
      pass.heal({ restart: { plannedAt: pass.now } });
      return again(1, WRITTEN_DOWN_FIRST);
    }
    try {
      const text = `ordered a restart of ${units.join(", ")} by Systems Manager`;
      const done = await pass.act(text, () => order(pass));
      return done === "done" ? again(5, "its agents are being restarted") : next;
    } catch (error) {
      return unclear(pass, error);
    }
  },
};

// Whatever work it belonged to. Until it has ended, it counts from when it was planned.
function wasRestartedLately({ healing: { restart }, policies, now }: Pass): boolean {
  if (!restart?.commandId && !restart?.endedAt) return false;
  const at = restart.endedAt ?? restart.plannedAt;
  return now.getTime() - at.getTime() < policies.heal.restartWindowSeconds * 1_000;
}

// That none was ordered since then, this pass has seen before.
function isPlanned({ healing: { restart }, now }: Pass): boolean {
  if (!restart || restart.commandId || restart.endedAt) return false;
  return now.getTime() - restart.plannedAt.getTime() <= PLAN_SECONDS * 1_000;
}

async function order(pass: Pass): Promise<"done" | "not known"> {
  const { ports, record, policies, healing, now } = pass;
  const plannedAt = healing.restart?.plannedAt ?? now;
  const commandId = await ports.commands.restart(record.nodeId, policies.heal.units);
  if (commandId) {
    pass.heal({ restart: { plannedAt, commandId } });
    ports.metrics.count(METRICS.restarted);
    return "done";
  }
  pass.heal({ restart: { plannedAt, result: "undeliverable", endedAt: now } });
  pass.saw("Systems Manager does not know the machine any more: nothing was restarted");
  return "not known";
}

// It may have been ordered all the same: it is looked for when Systems Manager can show it.
function unclear(pass: Pass, error: unknown): StepResult {
  if (!(error instanceof PortError) || error.kind !== "unavailable") throw error;
  countFailure(error, pass);
  return again(UNCLEAR_SECONDS, `whether the restart was ordered is not clear: ${error.message}`);
}
