import * as z from "zod";
import { ConsulAgents } from "./consul-agents.ts";
import { Seconds, SecretName } from "./fields.ts";
import { madeNameDefect } from "./made-secret.ts";
import { VaultCa, VaultCertificate, VaultSecretId, VaultToken } from "./of-vault.ts";
import { DAY, Published, Timed } from "./published.ts";
import { rotatedTwice } from "./rotated-twice.ts";
import { VaultLogin, VaultRole } from "./server.ts";
import type { Wrapped } from "./wrapped.ts";

export { type NomadVariable, ROTATION_STARTERS, RotationName } from "./published.ts";

const ConsulToken = Published.extend({
  kind: z.literal("consul-token"),
  /** @default it does not expire. Consul allows a minute to a day */
  ttlSeconds: Seconds.min(60).max(DAY).optional(),
  /** A path of Consul's API that the new token must be able to read. */
  testPath: z.string().startsWith("/v1/").optional(),
  /** @default none */
  agents: ConsulAgents.optional(),
});

const NomadToken = Published.extend({
  kind: z.literal("nomad-token"),
  /** @default it does not expire. Nomad allows a minute to a day, unless told otherwise */
  ttlSeconds: Seconds.min(60).optional(),
  /** A path of Nomad's API that the new token must be able to read. */
  testPath: z.string().startsWith("/v1/").optional(),
});

/** The keys that the agents of a cluster encrypt their gossip with; new agents read them in the secret. */
const ConsulGossipKey = Published.extend({ kind: z.literal("consul-gossip-key") });
const NomadGossipKey = Published.extend({ kind: z.literal("nomad-gossip-key") });

/** Keys that a cluster makes and keeps by itself. */
const NomadRootKey = Timed.extend({ kind: z.literal("nomad-root-key") });
const VaultBarrierKey = Timed.extend({ kind: z.literal("vault-barrier-key") });

/** Something that is rotated, and how. */
export const Rotation = z.discriminatedUnion(
  "kind",
  [
    VaultToken,
    VaultSecretId,
    VaultCertificate,
    VaultCa,
    ConsulToken,
    NomadToken,
    ConsulGossipKey,
    NomadGossipKey,
    NomadRootKey,
    VaultBarrierKey,
  ],
  { error: "kind must be one of those in docs/rotate.md, each with its own fields" },
);
export type Rotation = z.infer<typeof Rotation>;
export type RotationKind = Rotation["kind"];
/** One whose value is published in a secret. */
export type PublishedRotation = Extract<Rotation, { secret: string }>;

export function isPublished(rotation: Rotation): rotation is PublishedRotation {
  return "secret" in rotation;
}

/** What rotations deliver in wrappings. */
export function wrappedOf(rotations: readonly Rotation[]): Wrapped[] {
  return rotations.flatMap((each) => ("wrapped" in each && each.wrapped ? [each.wrapped] : []));
}

/** Where the credentials come from that mint others: more than any other function may. */
const MintingToken = z.union(
  [z.strictObject({ tokenSecret: SecretName }), z.strictObject({ tokenFromVault: VaultRole })],
  { error: "name either tokenSecret or tokenFromVault" },
);

/** What is rotated. */
export const Rotate = z.strictObject({
  /** A login of its own to Vault, since it may do more than other functions. @default vault's own */
  vault: z.strictObject({ login: VaultLogin }).optional(),
  /** A management token. @default nomad's own */
  nomad: MintingToken.optional(),
  /** A token with acl = "write", and keyring = "write" for the gossip key. @default consul's own */
  consul: MintingToken.optional(),
  /** @default nothing: what Drover is let in with is watched all the same */
  of: z
    .array(Rotation)
    .default([])
    .superRefine((rotations, context) => {
      for (const [index, rotation] of rotations.entries()) checkRotation(rotation, index, context);
      for (const { path, message } of rotatedTwice(rotations)) {
        context.addIssue({ code: "custom", path: [...path], message });
      }
    }),
});
export type RotateConfig = z.infer<typeof Rotate>;

/** So many times as long as from one rotation to the next a CA has to live. */
export const CA_LIVES = 3;

/** What has no end of its own would be too late, or be rotated while the one before lives on. */
function checkRotation(rotation: Rotation, index: number, context: z.RefinementCtx): void {
  const say = (field: string, message: string) =>
    context.addIssue({ code: "custom", path: [index, field], message });
  if (!("secret" in rotation)) return;
  const defect = rotation.make && madeNameDefect(rotation.secret);
  if (defect) say("secret", defect);
  const { everySeconds, verifySeconds, graceSeconds } = rotation;
  if (verifySeconds + graceSeconds >= everySeconds) {
    say(
      "graceSeconds",
      "with verifySeconds must be shorter than everySeconds: the old one is still to be revoked when the next is due",
    );
  }
  const ttlSeconds = "ttlSeconds" in rotation ? rotation.ttlSeconds : undefined;
  if (ttlSeconds !== undefined && ttlSeconds < everySeconds + verifySeconds + graceSeconds) {
    say(
      "ttlSeconds",
      "must be longer than everySeconds, verifySeconds and graceSeconds together: consumers would hold a dead one",
    );
  }
  if (rotation.kind === "vault-ca") checkCa(rotation, say);
}

/** An engine makes no other keys. */
const KEY_BITS = { ec: [224, 256, 384, 521], rsa: [2_048, 3_072, 4_096, 8_192] };

function checkCa(
  { everySeconds, ttlSeconds, keyType, keyBits, mount, parent }: z.infer<typeof VaultCa>,
  say: (field: string, message: string) => void,
): void {
  if (ttlSeconds < CA_LIVES * everySeconds) {
    say(
      "ttlSeconds",
      `must be at least ${CA_LIVES} times everySeconds: what it issues last has to end before it does`,
    );
  }
  if (keyBits !== undefined && !KEY_BITS[keyType].includes(keyBits)) {
    say("keyBits", `must be one of ${KEY_BITS[keyType].join(", ")} with keyType ${keyType}`);
  }
  if (parent?.mount === mount) {
    say("parent", "must be another engine: the default issuer of this one is what is replaced");
  }
}
