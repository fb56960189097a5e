import type { Config } from "../../contracts/config.ts";
import { METRICS } from "../../contracts/names.ts";
import { allDone } from "./all-done.ts";
import { hintFor } from "./choose.ts";
import type { Finding } from "./finding.ts";
import type { Look } from "./look.ts";
import type { SweepPorts } from "./ports.ts";

/** What is found is told to the flow that looks after such, unless the work on it knows already. */
export async function sendHints(
  findings: readonly Finding[],
  { records, hints, metrics, log, clock }: SweepPorts,
  config: Config,
  look: Look,
): Promise<void> {
  if (findings.length === 0) return;
  const ids = [...new Set(findings.map(({ instanceId }) => instanceId))];
  // Without them nobody knows what is known already, and all would be told every minute.
  const known = await look("the node records", () => records.records(ids));
  if (!known) return;
  const now = clock.now();
  const news = asOne(findings).flatMap((finding) => {
    const hint = hintFor(finding, known.get(finding.instanceId), config, now);
    return hint ? [{ flow: finding.flow, hint }] : [];
  });
  for (const { flow, hint } of news) {
    const { key, reason, why } = hint.hint;
    metrics.count(METRICS.found);
    log.info(`found: ${why}`, { nodeId: hint.nodeId, reason, key, flow });
  }
  const byFlow = Map.groupBy(news, ({ flow }) => flow);
  await allDone(
    [...byFlow].map(([flow, all]) =>
      hints.send(
        flow,
        all.map(({ hint }) => hint),
      ),
    ),
  );
}

// All that is not well with a node is one thing to look into.
function asOne(findings: readonly Finding[]): Finding[] {
  const unhealthy = Map.groupBy(
    findings.filter(({ reason }) => reason === "unhealthy"),
    ({ instanceId }) => instanceId,
  );
  const joined = [...unhealthy.values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, why: [first, ...more].map(({ why }) => why).join("; ") }] : [],
  );
  return [...findings.filter(({ reason }) => reason !== "unhealthy"), ...joined];
}
