import { next, type Step } from "../step.ts";

/** Takes the run of a parameterised smoke job out of Nomad that was made for the node alone. */
export const endSmokeRun: Step = {
  name: "end the smoke run",
  async run(pass) {
    const { smokeJob } = pass.joinPolicy;
    const { smokeRun } = pass.joining;
    if (!smokeJob || !smokeRun || smokeRun === smokeJob.id) return next;
    await pass.act(`ended smoke run ${smokeRun}`, async () => {
      await pass.ports.nomad.endSmokeRun(smokeJob, smokeRun);
      return "done";
    });
    pass.join({ smokeRun: undefined });
    return next;
  },
};
