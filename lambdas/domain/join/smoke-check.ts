import { endSmokeRun } from "../leave/end-smoke-run.ts";
import type { Pass } from "../pass.ts";
import type { SmokeJob } from "../ports/nomad.ts";
import { giveUp } from "../run-flow.ts";
import { again, next, type Step, type StepResult } from "../step.ts";
import { missing } from "./missing.ts";

/**
 * Waits until the configured job has succeeded on the node. Nomad places nothing on an ineligible
 * node, so one that joined ineligible is made eligible for it.
 */
export const smokeCheck: Step = {
  name: "smoke check",
  async run(pass) {
    const { smokeJob } = pass.joinPolicy;
    const { node, joining, ports } = pass;
    if (!smokeJob || !node || joining.smokePassedAt || pass.isInService) return next;
    if (!node.eligible) {
      const done = await pass.act("made the node eligible, for its smoke check", () =>
        ports.nomad.setEligibility(node.id, true),
      );
      if (done === "held back") return next;
      return again(1, "the smoke job is placed");
    }
    return joining.smokeRun ? look(pass, smokeJob, joining.smokeRun) : start(pass, smokeJob);
  },
};

async function start(pass: Pass, job: SmokeJob): Promise<StepResult> {
  const { node, ports } = pass;
  if (!node) return next;
  let run: string | undefined;
  const done = await pass.act(`started smoke job ${job.id} on the node`, async () => {
    run = await ports.nomad.smokeRun(job, node.id);
    return run ? "done" : "no such job";
  });
  if (done === "held back") return next;
  if (!run) {
    return missing(pass, `there is no sysbatch or parameterised job ${job.id} in ${job.namespace}`);
  }
  pass.join({ smokeRun: run });
  return again(pass.joinPolicy.pollSeconds, "the smoke job runs");
}

async function look(pass: Pass, job: SmokeJob, run: string): Promise<StepResult> {
  const { node, ports } = pass;
  if (!node) return next;
  const all = await ports.nomad.allocations(node.id);
  const runs = all.filter(({ jobId, namespace }) => jobId === run && namespace === job.namespace);
  if (runs.some(({ clientStatus }) => clientStatus === "complete")) {
    pass.saw(`smoke job ${job.id} succeeded on the node`);
    pass.join({ smokePassedAt: pass.now });
    return endSmokeRun.run(pass);
  }
  const states = runs.map(({ clientStatus }) => clientStatus).join(", ");
  if (runs.some(({ clientStatus }) => clientStatus === "failed")) {
    giveUp(pass, `smoke job ${job.id} failed on the node`);
    return next;
  }
  return missing(pass, `smoke job ${job.id} has not succeeded`, states || "it has not been placed");
}
