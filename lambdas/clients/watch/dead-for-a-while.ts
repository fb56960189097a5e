import type { Clock } from "../../domain/ports/clock.ts";
import type { Lifetime } from "../../domain/rotate/watched.ts";

/**
 * Vault and OpenBao lock an AppRole role for everybody when it is refused five times, each within a quarter of an
 * hour of the one before.
 */
const SECONDS = 3_600;

/**
 * Asks for a credential by using it. Of one that was found dead, that is believed for an hour: to be refused over
 * and over would keep others out.
 * @param ask is told the text of its secret.
 */
export function deadForAWhile(
  clock: Clock,
  ask: (text: string) => Promise<Lifetime | undefined>,
): (text: string) => Promise<Lifetime | undefined> {
  let dead: { readonly text: string; readonly until: number } | undefined;
  return async (text) => {
    const now = clock.now().getTime();
    if (dead?.text === text && now < dead.until) return undefined;
    const found = await ask(text);
    dead = found ? undefined : { text, until: now + SECONDS * 1_000 };
    return found;
  };
}
