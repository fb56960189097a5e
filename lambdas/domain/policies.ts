import { Group } from "../contracts/config/group.ts";
import type { Config } from "../contracts/config.ts";
import type { GroupName } from "../contracts/ids.ts";

/** What a configuration says about the nodes of a group. */
export type Policies = Pick<Group, "drain" | "join" | "events" | "budget" | "heal">;

/** The policies of a group; the defaults for a group that is not in the configuration. */
export function policiesOf(config: Config, group: GroupName | undefined): Policies {
  return config.groups.find(({ name }) => name === group) ?? Group.parse({ name: "unknown" });
}
