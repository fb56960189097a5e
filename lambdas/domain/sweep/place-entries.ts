import { GroupName, InstanceId } from "../../contracts/ids.ts";
import type { FindByHost } from "./host-names.ts";
import type { SurveyedEntry } from "./ports.ts";
import type { PlacedEntry } from "./survey.ts";

/**
 * Tells on which instance each node of Consul's catalog is: by what Drover has written to it, by its name,
 * or its host's. External nodes are on none: whoever has announced them looks after them.
 */
export function placeEntries(
  entries: readonly SurveyedEntry[],
  failed: ReadonlySet<string>,
  byHost: FindByHost,
): PlacedEntry[] {
  return entries.flatMap(({ name, hasAgent, meta }) => {
    if (meta["external-node"] === "true") return [];
    const told = InstanceId.safeParse(meta.instance_id ?? name);
    const instanceId = told.success ? told.data : byHost(name);
    if (!instanceId) return [];
    const group = GroupName.safeParse(meta.group);
    const described = group.success ? group.data : undefined;
    return [{ name, instanceId, failed: failed.has(name), hasAgent, group: described }];
  });
}
