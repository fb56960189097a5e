import * as z from "zod";
import { ParameterPath, Seconds } from "./fields.ts";

/**
 * What a new instance is given before its agents start. It lies in Parameter Store under
 * `<path>/<instance id>/`, readable by that instance alone.
 */
export const Introduction = z.strictObject({
  /** What the parameters' names begin with; the instance id follows. */
  path: ParameterPath.default("/drover/nodes"),
  /** After this Parameter Store deletes what nobody has deleted yet. */
  expiresAfterSeconds: Seconds.min(900).max(86_400).default(3_600),
  /** What Parameter Store takes of the account: 3 a second, or 10 with the higher throughput setting. */
  writesPerSecond: z.number().min(1).max(10).default(3),
  /** ARN or alias of the KMS key. @default the account's `alias/aws/ssm` */
  kmsKeyId: z.string().min(1).optional(),
  /** A Nomad client introduction token (Nomad 1.11 and newer). `false`: none. */
  nomad: z
    .union([
      z.literal(false),
      z.strictObject({
        /** The servers' `client_introduction.max_identity_ttl` (30 m) is the most they give. */
        ttlSeconds: Seconds.min(60).max(86_400).default(1_800),
      }),
    ])
    .prefault({}),
  /** A Consul ACL token with the node's identity, if Consul is configured. */
  consul: z.boolean().default(true),
  /** A response-wrapped secret id of this AppRole role of Vault. @default none */
  vault: z
    .strictObject({
      role: z.string().min(1),
      mount: z.string().min(1).default("approle"),
      /** How long the wrapped secret id, and the secret id itself, wait to be fetched. */
      ttlSeconds: Seconds.min(60).max(86_400).default(1_800),
    })
    .optional(),
});
export type IntroductionConfig = z.infer<typeof Introduction>;

const Service = z.strictObject({
  name: z.string().min(1),
  port: z.number().int().min(1).max(65_535),
  tags: z.array(z.string()).default([]),
});

/** What register-node puts into Consul's catalog for a node that has no agent of its own. */
export const ExternalNodes = z.strictObject({
  /** What runs on every such node, or on those of some providers. */
  services: z
    .array(Service.extend({ providers: z.array(z.string().min(1)).min(1).optional() }))
    .default([]),
  /** How often consul-esm looks at a node's check, and how long it waits for the answer. */
  checkIntervalSeconds: Seconds.min(1).max(3_600).default(30),
  checkTimeoutSeconds: Seconds.min(1).max(60).default(5),
});
