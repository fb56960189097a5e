import { METRICS } from "../../contracts/names.ts";
import { allDone } from "./all-done.ts";
import type { Look } from "./look.ts";
import type { OverdueTick, RecordSurvey, SweepPorts } from "./ports.ts";

const MINUTE = 60_000;
/** In one sweep. */
const MOST_READ = 5_000;
const MOST_SENT = 1_000;
/** From the doublings on it is tried every so many minutes. */
const LONGEST_PAUSE_MINUTES = 16;

type TickPorts = Pick<SweepPorts, "ticks" | "metrics" | "log" | "clock"> & {
  readonly records: Pick<RecordSurvey, "overdue">;
};

/**
 * Sends the same ticks again whose time is over by a minute: they got lost with whoever was to send or to
 * follow them, so that a crash between two steps loses nothing.
 */
export async function resendTicks(
  { records, ticks, metrics, log, clock }: TickPorts,
  look: Look,
): Promise<void> {
  const now = clock.now();
  const before = new Date(now.getTime() - MINUTE);
  const overdue = (await look("overdue ticks", () => records.overdue(before, MOST_READ))) ?? [];
  const due = overdue.filter((each) => isDue(each, now)).slice(0, MOST_SENT);
  for (const { tick, flow } of due) {
    metrics.count(METRICS.tickOverdue);
    log.info("a tick is overdue", { nodeId: tick.nodeId, flow });
  }
  const byFlow = Map.groupBy(due, ({ flow }) => flow);
  await allDone(
    [...byFlow].map(([flow, all]) =>
      ticks.resend(
        flow,
        all.map(({ tick }) => tick),
      ),
    ),
  );
}

// After 1 minute, 2, 4, 8, 16 and then every 16: most likely it is its flow that can't keep up, and a queue
// must not grow by what is in it already.
function isDue({ at }: OverdueTick, now: Date): boolean {
  const minutes = Math.floor((now.getTime() - at.getTime()) / MINUTE);
  return (minutes & (minutes - 1)) === 0 || minutes % LONGEST_PAUSE_MINUTES === 0;
}
