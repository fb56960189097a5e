import type { Pass } from "../pass.ts";
import { next, type Step } from "../step.ts";
import { revokeConsulToken } from "./revoke-consul-token.ts";

/**
 * Revokes what the node has of Vault's and deletes its parameters. It looks for them in each system,
 * not in the record: a pass that died may have made some and not said so.
 */
const forgetIntroduction: Step = {
  name: "forget the introduction",
  async run(pass) {
    const { introductions } = pass.ports;
    if (!introductions || pass.record.progress.forgottenAt) return next;
    await revokeVault(pass);
    // Last: the report in it names the token of Vault's.
    await pass.act("deleted its parameters", async () =>
      (await introductions.remove(pass.record.nodeId)) > 0 ? "done" : "none",
    );
    if (pass.mode === "act") pass.progress({ forgottenAt: pass.now });
    return next;
  },
};

async function revokeVault(pass: Pass): Promise<void> {
  const { introductions, vault } = pass.ports;
  const { nodeId } = pass.record;
  if (!vault || !pass.config.introduction?.vault) return;
  const report = await introductions?.report(nodeId);
  if (report && "vaultTokenAccessor" in report) {
    const revoked = await pass.act("revoked its Vault token", () =>
      vault.revokeToken(nodeId, report.vaultTokenAccessor),
    );
    if (revoked === "another's") {
      pass.saw(
        "it reported the accessor of a Vault token that is not its own, which is left alone",
      );
    }
  }
  await pass.act("destroyed its unused secret id", async () =>
    (await vault.destroySecretIds(nodeId)) > 0 ? "done" : "none",
  );
}

/** All of what the node was given. One system's outage does not keep what is of another. */
export const introductionParts: readonly Step[] = [revokeConsulToken, forgetIntroduction];
