import { METRICS } from "../../contracts/names.ts";
import type { Pass } from "../pass.ts";
import type { Outcome } from "../record.ts";
import { attempt } from "../run-flow.ts";
import { type Again, again, finish, next, type Step, type StepResult } from "../step.ts";
import { endSmokeRun } from "./end-smoke-run.ts";
import { introductionParts } from "./forget-introduction.ts";
import { leaveConsul } from "./leave-consul.ts";
import { purgeNodes } from "./purge-nodes.ts";

const NAME = "clean up";

/** How long Drover waits for the machine and what is left of it to be gone. */
const PATIENCE_SECONDS = 3_600;

/** What the work on a node has come to. */
export interface Ending {
  readonly outcome: Outcome;
  readonly why: string;
}

/**
 * Once the machine is gone for good: takes all that is left of it out of Consul, Vault, Parameter
 * Store and Nomad. The parts do not wait for each other: one system's outage leaves nothing in the
 * others.
 * @param isGone makes the flow wait until it is.
 * @param ending is asked when nothing is left.
 */
export function cleanUp(
  isGone: (pass: Pass) => Promise<StepResult>,
  ending: (pass: Pass) => Ending,
): Step {
  const parts: readonly Step[] = [leaveConsul, ...introductionParts, endSmokeRun, purgeNodes];
  return {
    name: NAME,
    async run(pass) {
      const { outcome, why } = ending(pass);
      const gone = await isGone(pass);
      const waits = gone.kind === "again" ? [gone] : await cleanAll(parts, pass);
      const [first] = waits;
      if (!first) return finish(outcome, why);
      if (!isTooLong(pass)) return first;
      pass.ports.metrics.count(METRICS.leftBehind);
      return finish(outcome, `${why}; after an hour this is left behind: ${first.why}`);
    },
  };
}

async function cleanAll(parts: readonly Step[], pass: Pass): Promise<Again[]> {
  const waits: Again[] = [];
  // Under one name: how long they wait is how long the cleaning up takes.
  for (const part of parts) {
    const result = await attempt({ ...part, name: NAME }, pass);
    if (result.kind === "again") waits.push(result);
  }
  return waits.sort((a, b) => a.afterSeconds - b.afterSeconds);
}

/** Waits until EC2 has terminated the instance. */
export async function untilTerminated(pass: Pass): Promise<StepResult> {
  if (pass.instanceGone) return next;
  const instance = await pass.ports.compute.instance(pass.instanceId);
  if (!instance || instance.state === "terminated") return next;
  return again(5, "EC2 has not terminated the instance yet", `EC2 says ${instance.state}`);
}

function isTooLong(pass: Pass): boolean {
  const since = pass.waitingSince?.getTime() ?? pass.now.getTime();
  return pass.now.getTime() - since > PATIENCE_SECONDS * 1_000;
}
