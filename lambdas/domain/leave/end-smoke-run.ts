import { next, type Step } from "../step.ts";

/** Takes the run of the smoke job out of Nomad that was made for the node. */
export const endSmokeRun: Step = {
  name: "end the smoke run",
  async run(pass) {
    const { smokeJob } = pass.joinPolicy;
    const { smokeRun } = pass.joining;
    if (!smokeJob || !smokeRun) return next;
    await pass.act(`ended smoke run ${smokeRun}`, async () => {
      await pass.ports.nomad.endSmokeRun(smokeJob, smokeRun);
      return "done";
    });
    pass.join({ smokeRun: undefined });
    return next;
  },
};
