import type { Rotation } from "../../contracts/config/rotate.ts";
import { METRICS } from "../../contracts/names.ts";
import { wantsFirstValue } from "./held.ts";
import type { Standing } from "./kind.ts";
import type { RotationPorts } from "./ports.ts";

/** With less than this part of its life left, something should have rotated it. */
const LEAST_LEFT = 1 / 3;

/** What is current, as far as its server tells. */
export interface Current extends Partial<Standing> {
  /** Since when its secret holds nothing, and whether that is enough to make the first. @default it holds something */
  readonly nothing?: { readonly since: Date; readonly isEnough: boolean };
}

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
 * Tells that a credential is about to expire, dead, or not there.
 * @param but why no rotation helps it.
 */
export async function warn(
  rotation: Rotation,
  current: Current,
  but: string,
  { metrics, news, clock }: RotationPorts,
): Promise<void> {
  metrics.count(METRICS.rotationExpiring);
  const at = clock.now();
  const what = whatIs(rotation, current, at.getTime());
  const { name } = rotation;
  await news.tell({ name, outcome: "expiring", why: `${what}, and ${but}`, at });
}

function whatIs(rotation: Rotation, current: Current, now: number): string {
  const { nothing, expiresAt } = current;
  if (nothing?.isEnough) return "its secret holds nothing";
  if (nothing && "secret" in rotation) return wantsFirstValue(rotation.secret);
  if (isDead(current, now)) return "its server does not know what the secret holds";
  return `it expires at ${expiresAt?.toISOString()}`;
}
