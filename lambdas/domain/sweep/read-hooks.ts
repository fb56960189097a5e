import type { GroupName, InstanceId } from "../../contracts/ids.ts";
import type { LifecycleHook } from "../ports/auto-scaling.ts";
import type { Look } from "./look.ts";
import type { SurveyedMember, SweepPorts } from "./ports.ts";
import { WAITING } from "./rules/waiting-at-hook.ts";

/** Reads the hooks of the groups in which somebody waits; without those of a group that can't be read. */
export async function readHooks(
  members: ReadonlyMap<InstanceId, SurveyedMember> | undefined,
  { groups }: Pick<SweepPorts, "groups">,
  look: Look,
): Promise<ReadonlyMap<GroupName, readonly LifecycleHook[]>> {
  const waiting = [...(members?.values() ?? [])].filter(
    ({ lifecycleState }) => WAITING[lifecycleState],
  );
  const names = [...new Set(waiting.map(({ group }) => group))];
  const found = await Promise.all(
    names.map(async (name) => {
      const hooks = await look(`the hooks of group ${name}`, () => groups.hooks(name));
      return hooks ? [[name, hooks] as const] : [];
    }),
  );
  return new Map(found.flat());
}
