import { METRICS } from "../../contracts/names.ts";
import type { WatchedItem } from "../../contracts/watch-item.ts";
import { PortError } from "../ports/errors.ts";
import { isDead, isExpiring } from "./expiry.ts";
import type { RotationPorts } from "./ports.ts";
import type { Lifetime, Watched } from "./watched.ts";

/** Of the function's 30 s: what is left when the rotations have taken all of theirs. */
const SECONDS = 7;

/**
 * Looks at all that nobody rotates, tells what is about to end or dead, whatever the mode is, and writes down what
 * it has seen. One that can't be looked at does not keep the others from it.
 * @returns what went wrong with any of them.
 */
export async function watchAll(
  watched: readonly Watched[],
  ports: RotationPorts,
): Promise<readonly unknown[]> {
  const errors: unknown[] = [];
  const seen = await Promise.all(
    watched.map((one) =>
      ports.within(lookAtOne(one, ports), SECONDS).catch((error: unknown) => {
        errors.push(error);
        return unseen(one, error);
      }),
    ),
  );
  const lookedAt = ports.clock.now();
  await ports.watch
    .put({ lookedAt, credentials: seen })
    .catch((error: unknown) => errors.push(error));
  return errors;
}

async function lookAtOne(one: Watched, ports: RotationPorts): Promise<WatchedItem> {
  const lifetime = await one.look();
  const at = ports.clock.now();
  const { createdAt, expiresAt } = lifetime ?? {};
  const item = { ...named(one), ...(createdAt && { createdAt }), ...(expiresAt && { expiresAt }) };
  const trouble = troubleOf(one, lifetime, at.getTime());
  if (!trouble) return { ...item, state: "lives" };
  const why = `${trouble.why}: ${one.fix}`;
  ports.metrics.count(METRICS.rotationExpiring);
  await ports.news.tell({ name: one.name, outcome: "expiring", why, at });
  return { ...item, state: trouble.state, why };
}

function troubleOf(
  { what, noticeSeconds }: Watched,
  lifetime: Lifetime | undefined,
  now: number,
): { readonly state: "dead" | "expiring"; readonly why: string } | undefined {
  if (!lifetime) return { state: "dead", why: `its server does not know ${what}` };
  const end = lifetime.expiresAt?.toISOString();
  if (isDead(lifetime, now)) return { state: "dead", why: `${what} has run out at ${end}` };
  if (!isExpiring(lifetime, now, noticeSeconds)) return undefined;
  return { state: "expiring", why: `${what} ends at ${end}, and nothing rotates it` };
}

function unseen(one: Watched, error: unknown): WatchedItem {
  const said = error instanceof PortError ? error.message : "a defect of Drover's: see its log";
  return { ...named(one), state: "unseen", why: `can't see how long ${one.what} lives: ${said}` };
}

function named({ name, kind, secret }: Watched): Pick<WatchedItem, "name" | "kind" | "secret"> {
  return { name, kind, ...(secret !== undefined && { secret }) };
}
