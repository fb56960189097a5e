import type { Group } from "../../../contracts/config/group.ts";
import type { HintReason } from "../../../contracts/hint.ts";
import type { FlowName } from "../../../contracts/names.ts";
import type { LifecycleHook } from "../../ports/auto-scaling.ts";
import type { Finding } from "../finding.ts";
import type { SurveyedMember } from "../ports.ts";
import type { Survey } from "../survey.ts";

/** A wait state: whose it is, and which hooks hold an instance in it. */
interface Waiting {
  readonly flow: FlowName;
  readonly reason: HintReason;
  readonly transition: LifecycleHook["transition"];
}

const LAUNCH = {
  flow: "join-client",
  reason: "launch-hook",
  transition: "launching",
} as const;
const TERMINATE = {
  flow: "drain-client",
  reason: "terminate-hook",
  transition: "terminating",
} as const;

/** The states in which an instance waits at lifecycle hooks. */
export const WAITING: Readonly<Record<string, Waiting>> = {
  "Pending:Wait": LAUNCH,
  "Warmed:Pending:Wait": LAUNCH,
  "Terminating:Wait": TERMINATE,
  "Warmed:Terminating:Wait": TERMINATE,
  "ReplacingRootVolume:Wait": { ...TERMINATE, reason: "root-volume-hook" },
};

/** Instances that wait at Drover's hooks; whether their events were heard, their records say. */
export function waitingAtHook(survey: Survey): Finding[] {
  return [...(survey.members?.values() ?? [])].flatMap((member) => {
    const waiting = WAITING[member.lifecycleState];
    if (!waiting || mayReturn(survey, member)) return [];
    const hooks = survey.hooks.get(member.group) ?? [];
    const group = survey.config.groups.find(({ name }) => name === member.group);
    return hooks
      .filter(
        ({ name, transition }) => transition === waiting.transition && isOurs(group, waiting, name),
      )
      .map(({ name }) => found(member, waiting, name));
  });
}

// Only the event says whether it ends or goes back into the pool, where nothing of it ends.
function mayReturn({ groups }: Survey, { group, lifecycleState }: SurveyedMember): boolean {
  return lifecycleState === "Terminating:Wait" && groups?.get(group)?.returnsToPool === true;
}

function isOurs(group: Group | undefined, { transition }: Waiting, name: string): boolean {
  const ours = transition === "launching" ? group?.launchHooks : group?.terminateHooks;
  return ours?.includes(name) ?? true;
}

function found(
  { instanceId, group, lifecycleState }: SurveyedMember,
  { flow, reason }: Waiting,
  name: string,
): Finding {
  return {
    instanceId,
    flow,
    reason,
    group,
    hook: { group, name },
    about: `hook/${name}/${lifecycleState}`,
    why: `it is ${lifecycleState}, and no event told that it waits at hook ${name}`,
  };
}
