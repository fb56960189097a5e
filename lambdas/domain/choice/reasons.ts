import { BY_CHOICE } from "../../contracts/by-choice.ts";
import type { NodeAction } from "../../contracts/config/node-policies.ts";
import type { Pass } from "../pass.ts";
import type { Policies } from "../policies.ts";
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
  return isOwnIdea(pass) && !wanted(pass).some((each) => isDue(each, pass));
}

/** Whether nobody but Drover ends the instance, if it is to end. */
export function isOwnIdea({ record }: Pick<Pass, "record">): boolean {
  return record.intents.every(({ reason }) => BY_CHOICE.has(reason));
}

/** Whether this is all that is to be done with the node, and nobody else ends its instance. */
export function isOnlyTo(action: NodeAction, pass: Pass): boolean {
  return isOwnIdea(pass) && chosenAction(pass) === action;
}

/** The intents without those that the group's policy is to ignore. */
export function wanted({ record, policies }: Pass): readonly Intent[] {
  return record.intents.filter((intent) => !isIgnored(intent, policies));
}

/** Whether the drain has to begin now to have its time before the intent's deadline. */
export function isLastMoment({ deadlineAt }: Intent, { policy, now }: Pass): boolean {
  return now.getTime() >= deadlineAt.getTime() - policy.timeoutSeconds * 1_000;
}

/** Whether AWS is about to do what it has scheduled, whatever Drover would like. */
export function isDue(intent: Intent, pass: Pass): boolean {
  return intent.reason === "health" && isLastMoment(intent, pass);
}

/** What is to be done by choice: the strongest of what the intents ask for. */
export function chosenAction(pass: Pass): NodeAction {
  const actions = pass.record.intents.map((intent) => actionOf(intent, pass.policies));
  return actions.reduce((a, b) => (STRENGTH[b] > STRENGTH[a] ? b : a), "ignore");
}

/** Whether Drover has drained the node before, and the instance is in service still. */
export function isLeftOver({ record }: Pick<Pass, "record">): boolean {
  return record.intents.some(({ reason }) => reason === "left-over");
}

/** Whether the group's policy is to ignore what the intent tells. What is left over is reported at least. */
export function isIgnored(intent: Intent, policies: Policies): boolean {
  return intent.reason !== "left-over" && actionOf(intent, policies) === "ignore";
}

function actionOf({ reason }: Intent, { events }: Policies): NodeAction {
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
