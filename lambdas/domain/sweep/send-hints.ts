import { METRICS } from "../../contracts/names.ts";
import { allDone } from "./all-done.ts";
import { chooseNews } from "./choose-news.ts";
import type { Finding } from "./finding.ts";
import type { Look } from "./look.ts";
import type { Sweeper } from "./sweeper.ts";

/** What is found is told to the flow that looks after such, unless the work on it knows already. */
export async function sendHints(
  findings: readonly Finding[],
  { ports, config, told }: Sweeper,
  look: Look,
): Promise<void> {
  const { hints, metrics, log, clock } = ports;
  const news = await chooseNews(asOne(findings), told, ports, config, look);
  for (const { flow, hint } of news) {
    const { key, reason, why } = hint.hint;
    metrics.count(METRICS.found);
    log.info(`found: ${why}`, { nodeId: hint.nodeId, reason, key, flow });
  }
  const byFlow = Map.groupBy(news, ({ flow }) => flow);
  await allDone(
    [...byFlow].map(async ([flow, all]) => {
      const some = all.map(({ hint }) => hint);
      await hints.send(flow, some);
      told.add(flow, some, clock.now());
    }),
  );
}

/** Of these all that is found of one instance is one thing to look into. */
const JOINED = ["unhealthy", "gone"] as const;

function asOne(findings: readonly Finding[]): Finding[] {
  const isJoined = ({ reason }: Finding) => JOINED.some((each) => each === reason);
  const byInstance = Map.groupBy(
    findings.filter(isJoined),
    ({ instanceId, reason }) => `${instanceId}/${reason}`,
  );
  const joined = [...byInstance.values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, why: [first, ...more].map(({ why }) => why).join("; ") }] : [],
  );
  return [...findings.filter((finding) => !isJoined(finding)), ...joined];
}
