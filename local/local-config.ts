import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import {
  BudgetPolicy,
  ConfigError,
  DrainPolicy,
  EventsPolicy,
  HealPolicy,
  JoinPolicy,
} from "../lambdas/contracts/config.ts";
import { GroupName, InstanceId } from "../lambdas/contracts/ids.ts";
import { describeIssues } from "../lambdas/contracts/message.ts";
import { LocalRotate } from "./local-rotate.ts";
import type { Failure } from "./machines/image.ts";

/** What can go wrong on machines without being told more. */
export const MACHINE_FAILURES = [
  "never-boots",
  "no-nomad",
  "wrong-pool",
  "wrong-version",
  "no-consul",
  "consul-critical",
  "introduction-intercepted",
] as const satisfies Failure["kind"][];

const LocalGroup = z.strictObject({
  name: GroupName,
  /** Which instances the group has: the ids that the Nomad clients believe to run on. */
  instances: z.array(InstanceId).min(1),
  /** They are Spot instances, and those launched later, too. */
  spot: z.boolean().default(false),
  /** Of the group's launch hook and of its terminate hook, in seconds. */
  heartbeatTimeoutSeconds: z.int().min(30).max(7_200).default(300),
  drain: DrainPolicy.prefault({}),
  join: JoinPolicy.prefault({}),
  events: EventsPolicy.prefault({}),
  budget: BudgetPolicy.prefault({}),
  heal: HealPolicy.prefault({}),
  /** What runs on the instances that are launched later. */
  machines: z
    .strictObject({
      /** From EC2's `running` until the first program runs. */
      bootSeconds: z.int().min(0).max(3_600).default(5),
      /** @default they come up */
      failure: z.enum(MACHINE_FAILURES).optional(),
    })
    .prefault({}),
});

/** What the local stack's Auto Scaling is made of. */
export const LocalConfig = z.strictObject({
  groups: z.array(LocalGroup).min(1),
  /** What is rotated, and how. @default nothing */
  rotate: LocalRotate.optional(),
});
export type LocalConfig = z.infer<typeof LocalConfig>;
export type LocalConfigInput = z.input<typeof LocalConfig>;

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
