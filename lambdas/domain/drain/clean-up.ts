import type { Pass } from "../pass.ts";
import type { Outcome } from "../record.ts";
import { again, finish, next, type Step, type StepResult } from "../step.ts";

/** How long after the hook's end Drover waits for the instance and its node to be gone. */
const PATIENCE_SECONDS = 3_600;

/** Once EC2 says the instance is terminated: removes its Nomad nodes when they are down. */
export const cleanUp: Step = {
  name: "clean up",
  async run(pass) {
    if (isTooLong(pass)) {
      return finish(outcome(pass), "the instance or its node is still there after an hour");
    }
    if (!pass.instanceGone) {
      const instance = await pass.ports.compute.instance(pass.record.nodeId);
      if (instance && instance.state !== "terminated") {
        return again(5, "EC2 has not terminated the instance yet", `EC2 says ${instance.state}`);
      }
    }
    const purged = await purgeNodes(pass);
    return purged.kind === "next" ? finish(outcome(pass), ending(pass)) : purged;
  },
};

// An agent that was set up anew left an older node behind: all nodes of the instance go.
async function purgeNodes(pass: Pass): Promise<StepResult> {
  const { nomad } = pass.ports;
  const { nodeId, nomadNodeId } = pass.record;
  const found = await nomad.findNodes(nodeId, []);
  const known = nomadNodeId && !found.some(({ id }) => id === nomadNodeId);
  const byName = known ? await nomad.node(nomadNodeId) : undefined;
  for (const node of byName ? [...found, byName] : found) {
    if (node.status !== "down") {
      return again(5, "the instance is gone, but Nomad has not missed its agent yet");
    }
    await pass.act(`purged Nomad node ${node.name} (${node.id})`, () => nomad.purge(node.id));
  }
  return next;
}

function isTooLong(pass: Pass): boolean {
  const since = pass.waitingSince?.getTime() ?? pass.now.getTime();
  return pass.now.getTime() - since > PATIENCE_SECONDS * 1_000;
}

function outcome(pass: Pass): Outcome {
  const { progress, intents } = pass.record;
  if (progress.gaveUp) return "gave-up";
  if (progress.cutShort) return "cut-short";
  if (progress.neverJoined) return "never-joined";
  const didNothing =
    !progress.ineligibleAt && !intents.some(({ hook }) => hook?.over?.by === "drover");
  return didNothing ? "instance-gone" : "drained";
}

function ending(pass: Pass): string {
  const { gaveUp, cutShort } = pass.record.progress;
  if (gaveUp) return `let go at the deadline: ${gaveUp.why}`;
  if (cutShort) return `the instance ended too early: ${cutShort.why}`;
  return "the instance is gone and cleaned up";
}
