import { METRICS } from "../../contracts/names.ts";
import { TIMINGS } from "../../contracts/timings.ts";
import { allDone } from "./all-done.ts";
import { type Look, looking } from "./look.ts";
import type { SweepMemory } from "./memory.ts";
import { resendTicks } from "./resend-ticks.ts";
import { RULES } from "./rules/index.ts";
import { sendHints } from "./send-hints.ts";
import type { Sweeper } from "./sweeper.ts";
import { takeSurvey } from "./take-survey.ts";
import { watchVoters } from "./watch-voters.ts";

/** Of a sweep's 30 s: so long it looks, and what is known of the nodes has to be read by then. */
const LOOK_SECONDS = 16;
const TELL_SECONDS = 24;

/**
 * Looks at everything once, and tells the flows what no event has told them. Nothing is done to a node
 * here. Only one sweep runs at a time: beside another one it does nothing.
 * @throws when something found could not be told; the next sweep finds it again.
 */
export async function sweep(sweeper: Sweeper): Promise<void> {
  const { ports } = sweeper;
  const { runs, metrics, log, clock } = ports;
  const owner = ports.newId();
  const begunAt = clock.now().getTime();
  const after = (seconds: number) => new Date(begunAt + seconds * 1_000);
  const memory = await runs.begin(owner, after(TIMINGS.leaseSeconds));
  if (!memory) return log.info("another sweep runs");
  const look = looking(ports, after(LOOK_SECONDS));
  const lookToTell = looking(ports, after(TELL_SECONDS));
  await allDone([
    resendTicks(ports, lookToTell),
    lookAndTell(sweeper, memory, { look, lookToTell }, (then) => runs.end(owner, then)),
  ]);
  metrics.seconds(METRICS.sweepSeconds, (clock.now().getTime() - begunAt) / 1_000);
}

async function lookAndTell(
  sweeper: Sweeper,
  before: SweepMemory,
  { look, lookToTell }: Readonly<Record<"look" | "lookToTell", Look>>,
  remember: (memory: SweepMemory) => Promise<void>,
): Promise<void> {
  const { ports } = sweeper;
  const { survey, servers, memory } = await takeSurvey(sweeper, before, look);
  const loneVoters = await watchVoters(servers, before.loneVoters, ports, look);
  const findings = RULES.flatMap((rule) => rule(survey));
  const after = { ...memory, loneVoters };
  await sendHints(findings, sweeper, lookToTell).finally(() => remember(after));
}
