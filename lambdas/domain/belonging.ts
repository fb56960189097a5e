import type { GroupName } from "../contracts/ids.ts";
import { waitsAtHook } from "./hooks/passage.ts";
import type { Pass } from "./pass.ts";
import { again } from "./step.ts";

/** How long a state of waiting is taken to last before it is read again. */
const REREAD_SECONDS = 15;

/** Why the events of this work are not ours to handle: they are of other accounts. */
export function foreignAccount({ record, config }: Pass): string | undefined {
  const isOurs = record.intents.some(({ account }) => account === config.account);
  return isOurs ? undefined : `the event is of account ${record.intents[0]?.account}`;
}

/** Why an instance of this group is not ours to look after. */
export function foreignGroup({ config }: Pass, group: GroupName | undefined): string | undefined {
  const isOurs = config.groups.some(({ name }) => name === group);
  return isOurs ? undefined : `group ${group} is not in the configuration`;
}

/**
 * Takes the lifecycle state that was read in an earlier pass, if it still counts: an instance waits for
 * minutes, and the calls that tell are shared by the account.
 * @returns whether it does.
 */
export function rememberState(pass: Pass): boolean {
  const remembered = pass.record.progress.lifecycle;
  if (!remembered || pass.letGo || !isFresh(remembered, pass)) return false;
  pass.lifecycleState = remembered.state;
  pass.isLifecycleRemembered = true;
  return true;
}

function isFresh({ state, at }: { state: string; at: Date }, pass: Pass): boolean {
  const age = (pass.now.getTime() - at.getTime()) / 1_000;
  const isOvertaken = pass.record.intents.some(({ receivedAt }) => receivedAt > at);
  if (age >= REREAD_SECONDS || isOvertaken) return false;
  // One in service that is about to go holds no hook: it is asked for again as soon as one is heard of.
  const isServing = state === "InService" && pass.openHooks.length === 0;
  return waitsAtHook(pass, state) || (isServing && pass.record.flow === "drain-client");
}

/** An operator has turned the switch. */
export const PAUSED = again(30, "paused by an operator: nothing is changed");
