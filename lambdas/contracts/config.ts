import * as z from "zod";
import { checkConnections } from "./config/connections.ts";
import { Arn } from "./config/fields.ts";
import { Group } from "./config/group.ts";
import { ExternalNodes, Introduction } from "./config/introduction.ts";
import { checkIssued } from "./config/issued-by.ts";
import { checkLifetimes } from "./config/lifetimes.ts";
import { checkMinting } from "./config/minting.ts";
import { Rotate } from "./config/rotate.ts";
import { ConsulConfig, NomadConfig, VaultConfig } from "./config/server.ts";

export { DrainPolicy, JoinPolicy } from "./config/group.ts";
export { BudgetPolicy, EventsPolicy, HealPolicy } from "./config/node-policies.ts";

const Alarms = z.union(
  [
    z.strictObject({ topicArn: Arn("sns") }),
    z.strictObject({ off: z.literal(true), because: z.string().min(10, "say why, in a sentence") }),
  ],
  { error: 'must be {topicArn: ARN} of an SNS topic, or {off: true, because: "a sentence"}' },
);

const Fields = z.strictObject({
  /** Names this deployment; part of the name of all that is made for it. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/, "must be lower case letters, digits and hyphens, 2 to 31"),
  account: z.string().regex(/^\d{12}$/, "must be a 12-digit AWS account id, in quotes"),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region such as eu-central-1"),
  /** The network the functions run in: private subnets from which Nomad and the AWS APIs answer. */
  vpc: z.strictObject({
    id: z.string().startsWith("vpc-"),
    availabilityZones: z.array(z.string().min(1)).min(1),
    privateSubnetIds: z.array(z.string().startsWith("subnet-")).min(1),
    cidr: z.cidrv4(),
  }),
  nomad: NomadConfig,
  /** @default Consul is left alone */
  consul: ConsulConfig.optional(),
  /** @default no login, and no secret ids for new instances */
  vault: VaultConfig.optional(),
  /**
   * The names under which the agents join: their instance id (what the user data in docs/join.md
   * gives them), or the first label of their private DNS name.
   */
  nodeNames: z.enum(["instance-id", "host-name"]).default("instance-id"),
  /** What new instances are given before their agents start. @default nothing */
  introduction: Introduction.optional(),
  externalNodes: ExternalNodes.prefault({}),
  /** What is rotated, and how. @default nothing, and nobody watches when credentials end */
  rotate: Rotate.optional(),
  groups: z
    .array(Group)
    .min(1)
    .refine((groups) => new Set(groups.map((g) => g.name)).size === groups.length, {
      error: "two groups have the same name",
    }),
  alarms: Alarms,
  /** Who may put events on Drover's bus; without it only this account's own bus policy counts. */
  replay: z.strictObject({ principals: z.array(Arn("iam")).default([]) }).prefault({}),
  journal: z
    .strictObject({ retentionDays: z.number().int().min(1).max(3_650).default(30) })
    .prefault({}),
  functions: z
    .strictObject({
      memoryMegabytes: z.number().int().min(128).max(3_008).default(512),
      /** Function instances that work on a queue at once; of heal-node, the sweep and rotate-tokens two do. */
      maxConcurrency: z.number().int().min(2).max(1_000).default(9),
      logRetentionDays: z.number().int().min(1).default(30),
      /** More environment variables, such as `AWS_ENDPOINT_URL_AUTO_SCALING` against an emulator. */
      environment: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
});

/** Everything a deployment of Drover is told: one file, checked before anything is made of it. */
export const Config = Fields.superRefine(checkConnections)
  .superRefine(checkLifetimes)
  .superRefine(checkMinting)
  .superRefine(checkIssued)
  .refine(({ introduction, vault }) => !introduction?.vault || vault, {
    path: ["introduction", "vault"],
    error: "needs the section vault: Drover has to log in to make secret ids",
  })
  .refine(
    ({ nomad, consul, vault }) => vault || !(nomad.tokenFromVault || consul?.tokenFromVault),
    {
      path: ["vault"],
      error: "is missing, and tokenFromVault needs it",
    },
  );
export type Config = z.infer<typeof Config>;
/** The file as written, before defaults. */
export type ConfigInput = z.input<typeof Config>;

/** The configuration can't be used. The text has a line for each field that is wrong. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Checks a configuration and fills in the defaults.
 * @param from what to call it in an error: the file's path.
 * @throws {ConfigError} with a line for each wrong field.
 */
export function parseConfig(value: unknown, from: string): Config {
  const result = Config.safeParse(value);
  if (result.success) return result.data;
  const lines = result.error.issues.map(
    (issue) => `  ${issue.path.join(".") || "(the whole file)"}: ${issue.message}`,
  );
  throw new ConfigError(`${from} can't be used:\n${lines.join("\n")}`, { cause: result.error });
}
