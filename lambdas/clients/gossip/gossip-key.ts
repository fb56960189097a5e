import { createHash, randomBytes } from "node:crypto";
import { PortError } from "../../domain/ports/errors.ts";
import type { Value } from "../../domain/rotate/kind.ts";

/** For AES-256. */
const KEY_BYTES = 32;
const FINGERPRINT_LENGTH = 16;

/** A new key, as Serf takes it. */
export function newGossipKey(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

/** What a key may be called where it must not be told. */
export function fingerprintOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, FINGERPRINT_LENGTH);
}

/**
 * The key in a secret's value; one that is plain text reads as `token`.
 * @throws {PortError} `invalid` when there is none.
 */
export function keyOf({ key, token }: Value, system: string): string {
  const text = (key ?? token)?.trim();
  if (text) return text;
  throw new PortError(system, "invalid", "the secret has no field key: put the gossip key into it");
}
