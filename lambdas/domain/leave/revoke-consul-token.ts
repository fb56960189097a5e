import { next, type Step } from "../step.ts";

/** Deletes the ACL token that the node was given. It is found by the node's id, not by the record. */
export const revokeConsulToken: Step = {
  name: "revoke the Consul token",
  async run(pass) {
    const { consul, introductions } = pass.ports;
    if (!consul || !introductions || !pass.config.introduction?.consul) return next;
    if (pass.record.progress.consulRevokedAt) return next;
    await pass.act("revoked its Consul token", () => consul.revokeNodeToken(pass.record.nodeId));
    if (pass.mode === "act") pass.progress({ consulRevokedAt: pass.now });
    return next;
  },
};
