import { METRICS } from "../../contracts/names.ts";
import { allDone } from "./all-done.ts";
import type { Look } from "./look.ts";
import type { SweepPorts } from "./ports.ts";

/** A tick that has not come by then got lost with whoever was to send or to follow it. */
const OVERDUE_SECONDS = 60;
/** In one sweep. */
const MOST = 1_000;

/** Sends the same ticks again whose time is over: a crash between two steps loses nothing. */
export async function resendTicks(
  { records, ticks, metrics, log, clock }: SweepPorts,
  look: Look,
): Promise<void> {
  const before = new Date(clock.now().getTime() - OVERDUE_SECONDS * 1_000);
  const overdue = (await look("overdue ticks", () => records.overdue(before, MOST))) ?? [];
  for (const { tick, flow } of overdue) {
    metrics.count(METRICS.tickOverdue);
    log.info("a tick is overdue", { nodeId: tick.nodeId, flow });
  }
  const byFlow = Map.groupBy(overdue, ({ flow }) => flow);
  await allDone(
    [...byFlow].map(([flow, all]) =>
      ticks.resend(
        flow,
        all.map(({ tick }) => tick),
      ),
    ),
  );
}
