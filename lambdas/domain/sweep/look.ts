import { METRICS } from "../../contracts/names.ts";
import { PortError } from "../ports/errors.ts";
import type { SweepPorts } from "./ports.ts";

/** For all pages of one source. */
const SOURCE_SECONDS = 10;

/** Reads one source; undefined when it can't be read, which never means that nothing is there. */
export type Look = <Seen>(source: string, read: () => Promise<Seen>) => Promise<Seen | undefined>;

/**
 * Each source fails for itself: what can't be seen is said, and the rules that need it are left out.
 * @param until when there is no more time for it: one slow source must not use up that of the others.
 */
export function looking(
  { metrics, log, clock, within }: Pick<SweepPorts, "metrics" | "log" | "clock" | "within">,
  until: Date,
): Look {
  return async (source, read) => {
    try {
      const left = (until.getTime() - clock.now().getTime()) / 1_000;
      if (left <= 0) throw new PortError("sweep", "unavailable", "no time was left for it");
      return await within(read(), Math.min(left, SOURCE_SECONDS));
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      metrics.count(METRICS.sweepBlind);
      log.warn(`${source} could not be read`, { source, reason: error.message });
      return undefined;
    }
  };
}
