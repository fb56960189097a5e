import { BY_CHOICE } from "../../contracts/by-choice.ts";
import type { NodeAction } from "../../contracts/config/node-policies.ts";
import type { Pass } from "../pass.ts";
import type { Intent } from "../record.ts";

/** How much each does to a node. */
const STRENGTH: Readonly<Record<NodeAction, number>> = {
  ignore: 0,
  cordon: 1,
  drain: 2,
  replace: 3,
};

/**
 * Whether nothing but Drover's own choice takes the node: then it keeps to the budget, to what stands in
 * the way and to what the services on the node need. A scheduled change is one until its last moment has
 * come.
 */
export function isByChoice(pass: Pass): boolean {
  if (!isOwnIdea(pass)) return false;
  return !(pass.record.intents.some(({ reason }) => reason === "health") && isLastMoment(pass));
}

/** Whether nobody but Drover ends the instance, if it is to end. */
export function isOwnIdea({ record }: Pick<Pass, "record">): boolean {
  return record.intents.every(({ reason }) => BY_CHOICE.has(reason));
}

/** Whether the drain has to begin now to have its time before the deadline. */
export function isLastMoment({ record, policy, now }: Pass): boolean {
  return now.getTime() >= record.deadlineAt.getTime() - policy.timeoutSeconds * 1_000;
}

/** What is to be done by choice: the strongest of what the intents ask for. */
export function chosenAction(pass: Pass): NodeAction {
  const actions = pass.record.intents.map((intent) => actionOf(intent, pass));
  return actions.reduce((a, b) => (STRENGTH[b] > STRENGTH[a] ? b : a), "ignore");
}

/** Whether Drover has drained the node before, and the instance is in service still. */
export function isLeftOver({ record }: Pick<Pass, "record">): boolean {
  return record.intents.some(({ reason }) => reason === "left-over");
}

function actionOf({ reason }: Intent, { policies: { events } }: Pass): NodeAction {
  switch (reason) {
    case "rebalance":
      return events.rebalance;
    case "health":
      return events.health.action;
    case "left-over":
      return events.leftOver === "replace" ? "replace" : "ignore";
    default:
      return "replace";
  }
}
