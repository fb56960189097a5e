import type { RotationName } from "../../../contracts/config/rotate.ts";
import type { AttemptId } from "../../../contracts/rotation-item.ts";

/** Who makes something, and for which rotation. */
export interface Maker {
  readonly deployment: string;
  readonly rotation: RotationName;
}

/** The metadata of what is made for an attempt. Vault gives it back with each lookup, to whoever may look. */
export function metadataFor({ deployment, rotation }: Maker, attempt: AttemptId) {
  return { drover: deployment, drover_rotation: rotation, drover_attempt: attempt };
}

/** Whether metadata says that something was made for an attempt, or for any one of the rotation. */
export function isMadeFor(
  { deployment, rotation }: Maker,
  attempt: AttemptId | undefined,
  metadata: Readonly<Record<string, string>> | null | undefined,
): boolean {
  const { drover, drover_rotation, drover_attempt } = metadata ?? {};
  if (drover !== deployment || drover_rotation !== rotation) return false;
  return drover_attempt !== undefined && (attempt === undefined || drover_attempt === attempt);
}

/** The name that a certificate made for an attempt has beside those of its users. */
export function markOf({ deployment, rotation }: Maker, attempt: AttemptId | ""): string {
  return `drover://${deployment}/${rotation}/${attempt}`;
}

/** @param names the certificate's alternative names, as OpenSSL writes them. */
export function hasMark(maker: Maker, attempt: AttemptId | undefined, names = ""): boolean {
  const all = names.split(", ");
  if (attempt !== undefined) return all.includes(`URI:${markOf(maker, attempt)}`);
  return all.some((name) => name.startsWith(`URI:${markOf(maker, "")}`));
}

/**
 * The name of a key that is made for an attempt: an engine keeps nothing else of it.
 * @param end tells it from others that were made for the same; no two have the same name.
 */
export function keyNameOf(
  { deployment, rotation }: Maker,
  attempt: AttemptId,
  end: string,
): string {
  return ["drover", deployment, rotation, attempt, end].join(".");
}

/** Whether a key's name says that it was made for an attempt, or for any one of the rotation. */
export function isKeyMadeFor(
  { deployment, rotation }: Maker,
  attempt: AttemptId | undefined,
  name: string,
): boolean {
  const parts = ["drover", deployment, rotation, ...(attempt ? [attempt] : [])];
  return name.startsWith(`${parts.join(".")}.`);
}

/** Lookups at the same time. */
const TOGETHER = 4;

/** Those of many for which an answer to a question is yes. */
export async function those(
  all: readonly string[],
  fits: (each: string) => Promise<boolean>,
): Promise<string[]> {
  const found: string[] = [];
  for (let i = 0; i < all.length; i += TOGETHER) {
    const group = all.slice(i, i + TOGETHER);
    const answers = await Promise.all(group.map(fits));
    found.push(...group.filter((_, index) => answers[index]));
  }
  return found;
}
