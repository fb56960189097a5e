import * as z from "zod";
import { GroupName } from "./ids.ts";

const Arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `must be an ARN of ${service}`);
const Seconds = z.number().int();

/** The default of Nomad's `limits.http_max_conns_per_client`. */
const NOMAD_CONNECTIONS = 100;

/** How nodes of a group are drained. */
export const DrainPolicy = z.strictObject({
  /** From the event to the moment Drover stops waiting, at most. The hook's own cap is kept too. */
  timeoutSeconds: Seconds.min(30).max(172_800).default(900),
  /** Left between Nomad's drain deadline and ours when no job's kill timeout is known to be longer. */
  killMarginSeconds: Seconds.min(0).max(3_600).default(45),
  /** true: system jobs keep running on a draining node and are not waited for. */
  ignoreSystemJobs: z.boolean().default(false),
  /** Pause between two looks at a draining node. */
  pollSeconds: Seconds.min(1).max(60).default(2),
});
export type DrainPolicy = z.infer<typeof DrainPolicy>;

/** An Auto Scaling group whose instances are Nomad clients that Drover looks after. */
export const Group = z.strictObject({
  /** It becomes part of ARNs in the function's role, where a wildcard would allow more groups. */
  name: GroupName.refine((name) => !/[*?]/.test(name), {
    error: "must be the name of one group, without * or ?: list each group by itself",
  }),
  /** The terminate hooks that are Drover's to complete. @default every one it hears of */
  terminateHooks: z.array(z.string().min(1)).min(1).optional(),
  drain: DrainPolicy.prefault({}),
});
export type Group = z.infer<typeof Group>;

const Nomad = z.strictObject({
  /** For example `https://nomad.example.internal:4646`. Plain http carries the token in clear. */
  address: z
    .url({ protocol: /^https?$/, error: "must be a URL such as https://nomad:4646", abort: true })
    // The address is quoted in error texts and logs.
    .refine((address) => !hasUserInfo(address), {
      error: "must hold no user name or password: put the token into the secret of tokenSecret",
    }),
  region: z.string().min(1).optional(),
  /** Name or ARN of the secret that holds the Nomad ACL token, as text or as JSON `{"token"}`. */
  tokenSecret: z.string().min(1).optional(),
  tls: z
    .strictObject({
      /** The CA certificate in PEM, or `caFile` with its path (read when the app is synthesized). */
      ca: z.string().startsWith("-----BEGIN CERTIFICATE-----").optional(),
      caFile: z.string().min(1).optional(),
      /** Name or ARN of a secret with JSON `{"certificate","privateKey"}` in PEM. */
      clientCertificateSecret: z.string().min(1).optional(),
      /** The name to expect in the server's certificate, such as `server.global.nomad`. */
      serverName: z.string().min(1).optional(),
    })
    .optional(),
  requestTimeoutSeconds: Seconds.min(1).max(25).default(5),
  /** Sockets a function instance opens to Nomad; Nomad allows 100 connections a client address. */
  maxSockets: z.number().int().min(1).max(50).default(5),
});

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
  nomad: Nomad,
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
      /** Function instances that work on a queue at once. */
      maxConcurrency: z.number().int().min(2).max(1_000).default(10),
      logRetentionDays: z.number().int().min(1).default(30),
      /** More environment variables, such as `AWS_ENDPOINT_URL_AUTO_SCALING` against an emulator. */
      environment: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
});

/** Everything a deployment of Drover is told: one file, checked before anything is made of it. */
export const Config = Fields.refine((config) => connections(config) < NOMAD_CONNECTIONS, {
  path: ["functions", "maxConcurrency"],
  error: ({ input }) =>
    `times nomad.maxSockets is ${connections(input as z.output<typeof Fields>)}, and Nomad refuses ` +
    `${NOMAD_CONNECTIONS} connections from one address (http_max_conns_per_client): lower one of ` +
    "the two",
});
export type Config = z.infer<typeof Config>;
/** The file as written, before defaults. */
export type ConfigInput = z.input<typeof Config>;

function hasUserInfo(address: string): boolean {
  const { username, password } = new URL(address);
  return username !== "" || password !== "";
}

/** Those that all function instances together may open to Nomad. */
function connections(config: {
  readonly functions: { readonly maxConcurrency: number };
  readonly nomad: { readonly maxSockets: number };
}): number {
  return config.functions.maxConcurrency * config.nomad.maxSockets;
}

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
