import { METRICS } from "../../contracts/names.ts";
import type { Pass } from "../pass.ts";
import type { Outcome } from "../record.ts";
import { attempt } from "../run-flow.ts";
import { type Again, again, finish, next, type Step, type StepResult } from "../step.ts";
import { endSmokeRun } from "./end-smoke-run.ts";
import { forgettingParts } from "./forget-introduction.ts";
import { leaveConsul } from "./leave-consul.ts";
import { purgeNodes } from "./purge-nodes.ts";

const NAME = "clean up";

/** How long Drover tries to take out what is left of a machine that is gone. */
const PATIENCE_SECONDS = 3_600;
/** How long it waits for the machine to be gone: longer than any hook can hold an instance. */
const FORGOTTEN_SECONDS = 50 * 3_600;

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
  const parts: readonly Step[] = [leaveConsul, ...forgettingParts, endSmokeRun, purgeNodes];
  return {
    name: NAME,
    async run(pass) {
      const { outcome, why } = ending(pass);
      const gone = await isGone(pass);
      if (gone.kind === "again" && !isForgotten(pass))
        return { ...gone, afterSeconds: slower(pass) };
      if (gone.kind === "next" && !pass.record.progress.goneAt) pass.progress({ goneAt: pass.now });
      const waits = gone.kind === "again" ? [gone] : await cleanAll(parts, pass);
      const [first] = waits;
      if (!first) return finish(outcome, why);
      if (!isTooLong(pass) && !isForgotten(pass)) return first;
      pass.ports.metrics.count(METRICS.leftBehind);
      return finish(outcome, `${why}; in the end this is left behind: ${first.why}`);
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

function isTooLong({ now, record }: Pass): boolean {
  const { goneAt } = record.progress;
  return goneAt !== undefined && now.getTime() - goneAt.getTime() > PATIENCE_SECONDS * 1_000;
}

function isForgotten(pass: Pass): boolean {
  return waited(pass) > FORGOTTEN_SECONDS;
}

// Another tool's hook, or an instance that is retained, can take hours.
function slower(pass: Pass): number {
  return Math.min(300, Math.max(5, waited(pass) / 20));
}

function waited({ waitingSince, now }: Pass): number {
  return waitingSince ? (now.getTime() - waitingSince.getTime()) / 1_000 : 0;
}
