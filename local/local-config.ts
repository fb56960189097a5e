import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import { ConfigError, DrainPolicy } from "../lambdas/contracts/config.ts";
import { GroupName, InstanceId } from "../lambdas/contracts/ids.ts";
import { describeIssues } from "../lambdas/contracts/message.ts";

const LocalGroup = z.strictObject({
  name: GroupName,
  /** Which instances the group has: the ids that the Nomad clients believe to run on. */
  instances: z.array(InstanceId).min(1),
  /** Of the group's terminate hook, in seconds. */
  heartbeatTimeoutSeconds: z.int().min(30).max(7_200).default(300),
  drain: DrainPolicy.prefault({}),
});

/** What the local stack's Auto Scaling is made of. */
export const LocalConfig = z.strictObject({
  groups: z.array(LocalGroup).min(1),
});
export type LocalConfig = z.infer<typeof LocalConfig>;

/** Three instances in a group, for a stack that nobody configured. */
export const DEFAULT_LOCAL_CONFIG: LocalConfig = LocalConfig.parse({
  groups: [
    {
      name: "nomad-clients",
      instances: ["i-00000000000abc000", "i-00000000000abc001", "i-00000000000abc002"],
    },
  ],
});

/** @throws {ConfigError} naming the file and the fields that are wrong. */
export function readLocalConfig(path: string): LocalConfig {
  let value: unknown;
  try {
    value = parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ConfigError(`can't read ${path}: ${(cause as Error).message}`, { cause });
  }
  const result = LocalConfig.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError(`${path} can't be used: ${describeIssues(result.error)}`);
}
