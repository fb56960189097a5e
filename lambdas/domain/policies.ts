import type { Config } from "../contracts/config.ts";
import { DrainPolicy, JoinPolicy } from "../contracts/config.ts";
import type { GroupName } from "../contracts/ids.ts";

/** The drain policy of a group; the defaults for a group that is not in the configuration. */
export function drainPolicy(config: Config, group: GroupName | undefined): DrainPolicy {
  return config.groups.find(({ name }) => name === group)?.drain ?? DrainPolicy.parse({});
}

/** The join policy of a group; the defaults for a group that is not in the configuration. */
export function joinPolicy(config: Config, group: GroupName | undefined): JoinPolicy {
  return config.groups.find(({ name }) => name === group)?.join ?? JoinPolicy.parse({});
}
