import type { Config } from "../../contracts/config.ts";
import { METRICS } from "../../contracts/names.ts";
import { TIMINGS } from "../../contracts/timings.ts";
import { allDone } from "./all-done.ts";
import { type Look, looking } from "./look.ts";
import type { SweepMemory } from "./memory.ts";
import type { SweepPorts } from "./ports.ts";
import { resendTicks } from "./resend-ticks.ts";
import { RULES } from "./rules/index.ts";
import { sendHints } from "./send-hints.ts";
import { takeSurvey } from "./take-survey.ts";
import { watchVoters } from "./watch-voters.ts";

/** The sweep with all it works on. */
export interface Sweeper {
  readonly ports: SweepPorts;
  readonly config: Config;
}

/**
 * Looks at everything once, and tells the flows what no event has told them. Nothing is done to a node
 * here. Only one sweep runs at a time: beside another one it does nothing.
 * @throws when something found could not be told; the next sweep finds it again.
 */
export async function sweep({ ports, config }: Sweeper): Promise<void> {
  const { runs, metrics, log, clock } = ports;
  const owner = ports.newId();
  const begunAt = clock.now().getTime();
  const memory = await runs.begin(owner, new Date(begunAt + TIMINGS.leaseSeconds * 1_000));
  if (!memory) return log.info("another sweep runs");
  const look = looking(ports);
  await allDone([
    resendTicks(ports, look),
    lookAndTell(ports, config, memory, look, (after) => runs.end(owner, after)),
  ]);
  metrics.seconds(METRICS.sweepSeconds, (clock.now().getTime() - begunAt) / 1_000);
}

async function lookAndTell(
  ports: SweepPorts,
  config: Config,
  before: SweepMemory,
  look: Look,
  remember: (memory: SweepMemory) => Promise<void>,
): Promise<void> {
  const { survey, servers, memory } = await takeSurvey(ports, config, before, look);
  const loneVoters = await watchVoters(servers, before.loneVoters, ports, look);
  const findings = RULES.flatMap((rule) => rule(survey));
  await sendHints(findings, ports, config, look).finally(() => remember({ ...memory, loneVoters }));
}
