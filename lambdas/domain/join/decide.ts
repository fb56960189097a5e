import { METRICS } from "../../contracts/names.ts";
import { endSmokeRun } from "../leave/end-smoke-run.ts";
import { withdrawalParts } from "../leave/forget-introduction.ts";
import { hasOwnName, ownNodes } from "../own-nodes.ts";
import type { Pass } from "../pass.ts";
import { attempt } from "../run-flow.ts";
import { again, next, type Step, type StepResult, WRITTEN_DOWN_FIRST } from "../step.ts";
import { diagnose } from "./diagnose.ts";

const NAME = "decide";

/**
 * Decides what becomes of an instance that did not come up: abandoned, and so replaced; or let in
 * ineligible, when too many were abandoned before it and another one would not do better.
 */
export const decide: Step = {
  name: NAME,
  async run(pass) {
    const { gaveUp } = pass.record.progress;
    if (!gaveUp || pass.instanceEnds) return next;
    const { verdict, intercepted } = pass.joining;
    if (!verdict) {
      const isDecided = await judge(pass, gaveUp.why);
      return isDecided ? again(1, WRITTEN_DOWN_FIRST) : next;
    }
    await attempt({ ...endSmokeRun, name: NAME }, pass);
    if (verdict.abandon || intercepted) await withdraw(pass);
    // To be replaced it need not be ineligible, and so need not wait for Nomad.
    if (verdict.abandon) await attempt({ name: NAME, run: keepWorkAway }, pass);
    return verdict.abandon ? next : keepWorkAway(pass);
  },
};

async function judge(pass: Pass, why: string): Promise<boolean> {
  const { ports, joinPolicy, record, now: at } = pass;
  const { group, nodeId } = record;
  if (!group) return false;
  const seen = await diagnose(pass);
  const { breaker: limit } = joinPolicy;
  const asked = await pass.act("asked to abandon it", async () => {
    // Nothing ends one that waits at no hook: it is let in, and heal-node looks after it.
    if (!record.intents.some(({ hook }) => hook)) return "open";
    const { abandons: most, windowSeconds } = limit;
    const answer = await ports.breaker.ask("launch", group, nodeId, { most, windowSeconds });
    return answer === "open" ? answer : answer.count;
  });
  if (asked === "held back" || asked === "done") return false;
  const abandon = asked !== "open";
  pass.join({ verdict: { at, abandon, why, seen } });
  if (abandon) ports.metrics.count(METRICS.joinAbandoned);
  if (asked === "open" || asked >= limit.abandons) ports.metrics.count(METRICS.joinBreakerOpen);
  const { abandons } = limit;
  const allowed = `${abandons} within ${limit.windowSeconds / 60} min`;
  if (asked === "open") {
    pass.saw(`the breaker of group ${group} is open (${allowed}): it is let in, ineligible`);
    return true;
  }
  pass.saw(`it is to be abandoned, as number ${asked} of group ${group} (${allowed} are allowed)`);
  if (asked >= abandons)
    pass.saw(`that opens the breaker of group ${group}: no more are abandoned`);
  return true;
}

// Nobody is to use what an instance was given that is not trusted any more.
async function withdraw(pass: Pass): Promise<void> {
  for (const part of withdrawalParts) await attempt({ ...part, name: NAME }, pass);
}

async function keepWorkAway(pass: Pass): Promise<StepResult> {
  const [node] = (await ownNodes(pass)).filter((each) => hasOwnName(pass, each));
  pass.node = node;
  if (node?.eligible) {
    await pass.act("marked the node ineligible", () =>
      pass.ports.nomad.setEligibility(node.id, false),
    );
  }
  return next;
}
