import { BY_CHOICE } from "../../contracts/by-choice.ts";
import { ownNodes } from "../own-nodes.ts";
import type { Pass } from "../pass.ts";
import { again, finish, next, type Step, type StepResult } from "../step.ts";

/** Whatever is to end the instance may come so much later than was said. */
const LATE_SECONDS = 60;

/**
 * An instance that only gets a new root volume comes back as another Nomad node. Its former one is purged,
 * and join-client lets the instance in again.
 */
export const renewRootVolume: Step = {
  name: "renew the root volume",
  async run(pass) {
    const isRenewed = pass.record.intents.some(({ reason }) => reason === "root-volume-hook");
    if (!isRenewed || pass.instanceEnds || pass.instanceGone) return next;
    const state = pass.lifecycleState ?? "";
    if (state.startsWith("ReplacingRootVolume")) {
      return again(5, "its root volume is being replaced");
    }
    if (state !== "InService" && state !== "RootVolumeReplaced") return next;
    if (mayEnd(pass)) return again(5, "it may have to end: only then its new root volume counts");
    return (await purgeFormer(pass)) ?? letIn(pass);
  },
};

// What is by choice is taken up when the instance has joined. What was forced and has not come is over.
function mayEnd({ record, now }: Pass): boolean {
  return record.intents.some(
    ({ reason, deadlineAt }) =>
      reason !== "root-volume-hook" &&
      !BY_CHOICE.has(reason) &&
      now.getTime() < deadlineAt.getTime() + LATE_SECONDS * 1_000,
  );
}

async function purgeFormer(pass: Pass): Promise<StepResult | undefined> {
  const { nomad } = pass.ports;
  const { nomadNodeId } = pass.record;
  const known = nomadNodeId && (await nomad.node(nomadNodeId));
  const nodes = [...(await ownNodes(pass)), ...(known ? [known] : [])];
  // With a new root volume no node can be the one from before: those that live are new.
  const former = nodes.filter(
    ({ id, status }) => id === pass.record.nomadNodeId || status === "down",
  );
  for (const { id, name, status } of new Map(former.map((node) => [node.id, node])).values()) {
    if (status === "ready") continue;
    if (status !== "down") return again(5, "Nomad has not missed the former agent yet");
    await pass.act(`purged former Nomad node ${name} (${id})`, () => nomad.purge(id));
  }
  return undefined;
}

async function letIn(pass: Pass): Promise<StepResult> {
  const { nodeId, group, drainId } = pass.record;
  const hint = {
    key: `new-root-volume/${drainId}`,
    reason: "new-root-volume",
    occurredAt: pass.now,
    why: "its root volume was replaced",
    ...(group && { group }),
  } as const;
  const done = await pass.act("handed it to join-client", async () => {
    await pass.ports.hints.send("join-client", [{ nodeId, hint }]);
    return "done";
  });
  const why = "it has a new root volume, and nothing of the former node is left";
  return finish("root-volume-replaced", done === "held back" ? "nothing was changed" : why);
}
