import * as z from "zod";
import { UNIT_NAME } from "../events/command-event.ts";
import { Seconds, SecretName } from "./fields.ts";
import { MadeSecret } from "./made-secret.ts";
import { isWholeName } from "./rotated-twice.ts";

const UNIT = new RegExp(`^${UNIT_NAME}$`);
const HOUR = 3_600;
export const DAY = 24 * HOUR;

/** The name of a rotation; part of keys, texts and of what is minted for it. */
export const RotationName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,40}$/, "must be lower case letters, digits and hyphens, 2 to 41")
  .brand<"RotationName">();
export type RotationName = z.infer<typeof RotationName>;

/** Who starts a rotation: Secrets Manager by its own schedule, or Drover, which looks every five minutes. */
export const ROTATION_STARTERS = ["secrets-manager", "schedule"] as const;

/** What every rotation has. */
export const Timed = z.strictObject({
  name: RotationName,
  /** From one rotation to the next. Secrets Manager wants no more than one version in ten minutes. */
  everySeconds: Seconds.min(600).default(30 * DAY),
});

/** Machines whose agents read the new value when Systems Manager tells them to. */
const ReloadedAgents = z.strictObject({
  /** The Auto Scaling groups they are in. */
  groups: z.array(z.string().min(1)).min(1),
  /** systemd units, in this order. */
  units: z.array(z.string().regex(UNIT, "must be the name of a systemd unit")).min(1),
  action: z.enum(["reload", "restart"]).default("reload"),
});

/** A variable of Nomad's, which jobs read. */
const NomadVariable = z.strictObject({
  path: z
    .string()
    .max(128)
    .regex(
      /^(?!nomad(\/(?!(jobs|job-templates)(\/|$))|$))[A-Za-z0-9_~-]+(\/[A-Za-z0-9_~-]+)*$/,
      "must be a path such as nomad/jobs/web; of those under nomad/, only jobs and job-templates",
    ),
  namespace: z.string().min(1).default("default"),
});
export type NomadVariable = z.infer<typeof NomadVariable>;

/** What every rotation has whose value is published in a secret. */
export const Published = Timed.extend({
  /** Name or ARN of the secret that holds it. What needs something of the one before needs a value in it. */
  secret: SecretName.refine(isWholeName, {
    error: "must be a name, or the whole ARN, with the hyphen and six characters at its end",
  }),
  /** Has the stack make the secret of that name, without a value. @default it exists */
  make: MadeSecret.optional(),
  startedBy: z.enum(ROTATION_STARTERS).default("secrets-manager"),
  /** When Secrets Manager may start it. @default every `everySeconds`, at any hour of the day */
  window: z
    .strictObject({
      /** In UTC, as Secrets Manager writes it. `everySeconds` says how old it may become by that. */
      cron: z.string().regex(/^cron\(.+\)$/, "must be such as cron(0 2 ? * SUN *)"),
      /** @default to the end of the day */
      hours: z.number().int().min(1).max(24).optional(),
    })
    .optional(),
  /** A SecureString that gets the same text, for consumers that read parameters. @default none */
  parameter: z
    .string()
    .regex(/^\/[A-Za-z0-9_./-]+$/, "must be a path such as /nomad/token")
    .optional(),
  /** A variable that gets the fields of the value as its items, and no others, for jobs. @default none */
  nomadVariable: NomadVariable.optional(),
  /** How long consumers have to show that they use the new one, before it is taken back. */
  verifySeconds: Seconds.min(1).default(15 * 60),
  /** How long the old one lives on after that: longer than any cache of it. */
  graceSeconds: Seconds.min(1).default(HOUR),
  /** @default nobody has to be told: the consumers read the secret or the parameter by themselves */
  reload: ReloadedAgents.optional(),
});
