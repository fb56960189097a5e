import { METRICS } from "../../contracts/names.ts";
import { PortError } from "../ports/errors.ts";
import type { SweepPorts } from "./ports.ts";

/** Reads one source; undefined when it can't be read, which never means that nothing is there. */
export type Look = <Seen>(source: string, read: () => Promise<Seen>) => Promise<Seen | undefined>;

/** Each source fails for itself: what can't be seen is said, and the rules that need it are left out. */
export function looking({ metrics, log }: Pick<SweepPorts, "metrics" | "log">): Look {
  return async (source, read) => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      metrics.count(METRICS.sweepBlind);
      log.warn(`${source} could not be read`, { source, reason: error.message });
      return undefined;
    }
  };
}
