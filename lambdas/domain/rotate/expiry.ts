import type { Rotation } from "../../contracts/config/rotate.ts";
import { METRICS } from "../../contracts/names.ts";
import type { Standing } from "./kind.ts";
import type { RotationPorts } from "./ports.ts";

/** With less than this part of its life left, something should have rotated it. */
const LEAST_LEFT = 1 / 3;

/** What its server does not know, or not any more, has no life left. */
export const DEAD: Partial<Standing> = { expiresAt: new Date(0) };

export function isDead({ expiresAt }: Partial<Standing>, now: number): boolean {
  return expiresAt !== undefined && expiresAt.getTime() <= now;
}

/** @param noticeSeconds it is told no earlier before its end, however long it has lived. @default any time */
export function isExpiring(
  { createdAt, expiresAt, lifeSeconds }: Partial<Standing>,
  now: number,
  noticeSeconds = Number.POSITIVE_INFINITY,
): boolean {
  if (!expiresAt) return false;
  const life = lifeSeconds
    ? lifeSeconds * 1_000
    : expiresAt.getTime() - (createdAt?.getTime() ?? now);
  const notice = Math.min(life * LEAST_LEFT, noticeSeconds * 1_000);
  return expiresAt.getTime() - now < notice;
}

/**
 * Tells that a credential is about to expire, or dead.
 * @param but why no rotation helps it.
 */
export async function warn(
  { name }: Rotation,
  current: Partial<Standing>,
  but: string,
  { metrics, news, clock }: RotationPorts,
): Promise<void> {
  metrics.count(METRICS.rotationExpiring);
  const at = clock.now();
  const what = isDead(current, at.getTime())
    ? "its server does not know what the secret holds"
    : `it expires at ${current.expiresAt?.toISOString()}`;
  await news.tell({ name, outcome: "expiring", why: `${what}, and ${but}`, at });
}
