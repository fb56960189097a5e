import * as z from "zod";
import { ROTATION_STARTERS, RotationName } from "./config/rotate.ts";
import { TickId } from "./ids.ts";
import { Instant } from "./instant.ts";

/** Names one attempt to rotate; the version of the secret that it makes has the same id. */
export const AttemptId = z.guid().brand<"AttemptId">();
export type AttemptId = z.infer<typeof AttemptId>;

/** What Drover knows of a credential. None of it opens anything. */
const CredentialItem = z.object({
  /** The version of the secret that holds it. */
  version: z.string(),
  /** What its server knows it by: an accessor, or a key's fingerprint. */
  accessor: z.string(),
  createdAt: Instant.optional(),
  /** When it ends if nobody renews it; not there when it never does. */
  expiresAt: Instant.optional(),
});

/** Who asked for an attempt. */
export const ROTATION_DOORS = ["schedule", "operator", "secrets-manager"] as const;

/**
 * Who may have to be told: agents that a command reloads, Consul agents that are given a token, and machines that
 * are given a wrapping.
 */
export const ROTATION_CONSUMERS = ["reload", "agents", "wrapped"] as const;

/** A machine that was told of what is current. */
const ToldItem = z.object({
  consumers: z.enum(ROTATION_CONSUMERS),
  nodeId: z.string(),
  /** When it was told first; not there when it has answered well, as all that follows. */
  at: Instant.optional(),
  commandId: z.string().optional(),
  /** What it has not opened yet. The accessor opens nothing. */
  wrapping: z.object({ accessor: z.string(), until: Instant }).optional(),
  result: z.enum(["success", "failed", "timed-out", "undeliverable", "gone"]).optional(),
  output: z.string().optional(),
});

/** An attempt under way, from the mint until the one before it is dead. */
const AttemptItem = z.object({
  id: AttemptId,
  startedAt: Instant,
  by: z.enum(ROTATION_DOORS),
  /** What was configured to be rotated when it began. */
  of: z
    .object({
      kind: z.string(),
      secret: z.string().optional(),
      /** Where an accessor of it is known, and nowhere else. Not there: nobody wrote it down. */
      place: z.string().optional(),
    })
    .optional(),
  /** Secrets Manager asks for one step after the other: so far it has asked for this one. */
  upTo: z.enum(["mint", "test"]).optional(),
  /** How often minting was begun: written down before, so that a crash is known to have lost one. */
  mints: z.number(),
  /** Who made others' credentials when this was made; empty when none did. Not there: nobody wrote it down. */
  formerIssuer: z.string().optional(),
  minted: CredentialItem.optional(),
  /** Of tests that leave something when they break off: when one is under way, and when the last one broke off. */
  tests: z.object({ begunAt: Instant.optional(), brokeOffAt: Instant.optional() }).optional(),
  testedAt: Instant.optional(),
  /** What was current before. */
  before: CredentialItem.optional(),
  /** Whoever reads the secret, or a mirror of it, may have got it since then. */
  promotingAt: Instant.optional(),
  promotedAt: Instant.optional(),
  /** The mirrors that have got it. */
  mirrored: z.array(z.string()).readonly().optional(),
  /** The machines of consumers that were told of it, since the last change of what is current. */
  told: z.array(ToldItem).readonly().optional(),
  verifiedAt: Instant.optional(),
  /** What makes others' credentials may have made some since then. */
  issuingAt: Instant.optional(),
  /** It makes them, and the one before makes none. */
  issuesAt: Instant.optional(),
  /** It is taken back, and why. */
  takenBack: z.object({ at: Instant, why: z.string() }).optional(),
  /** The version before is current again. */
  restoredAt: Instant.optional(),
});

/** How an attempt ended. */
export const ROTATION_OUTCOMES = [
  /** The new one is in use, and the old one dead. */
  "rotated",
  /** The new one could not be used; the one before is current still, and the new one dead. */
  "taken-back",
] as const;

/** A rotation's record as the table holds it. */
export const RotationItem = z.object({
  name: RotationName,
  kind: z.string(),
  /** What the configuration says of it, as of the last look. */
  plan: z.object({ everySeconds: z.number(), startedBy: z.enum(ROTATION_STARTERS) }).optional(),
  /** Optimistic lock; 0 is a record that was never stored. */
  version: z.number(),
  lease: z.object({ owner: z.string(), until: Instant }).optional(),
  tick: z.object({ id: TickId, at: Instant }).optional(),
  /** What consumers are to use, as far as Drover has read or made it. */
  current: CredentialItem.optional(),
  /** Since when the secret is known to hold nothing. */
  nothingSince: Instant.optional(),
  attempt: AttemptItem.readonly().optional(),
  /** What the last pass waits for. */
  waiting: z.object({ step: z.string(), since: Instant, why: z.string() }).optional(),
  /** What was made for the rotation, lives, and is in no use that is known: as it was found then. */
  unreferenced: z
    .object({ foundAt: Instant, accessors: z.array(z.string()).readonly() })
    .optional(),
  /** Who was handed which version, of those that are told when no attempt is under way, too. */
  delivered: z
    .object({
      version: z.string(),
      /** What was handed over, and where: another place is told anew. */
      what: z.string(),
      told: z.array(ToldItem).readonly(),
    })
    .optional(),
  /** How the last attempt ended. */
  last: z
    .object({
      attempt: AttemptId,
      at: Instant,
      outcome: z.enum(ROTATION_OUTCOMES),
      why: z.string(),
    })
    .optional(),
  /** How often in a row attempts were taken back, as of that one, counted by the look. */
  failures: z.object({ last: AttemptId, times: z.number() }).optional(),
  /** When the last attempt that succeeded did so. */
  rotatedAt: Instant.optional(),
});
export type RotationItem = z.output<typeof RotationItem>;
