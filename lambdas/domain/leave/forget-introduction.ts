import { next, type Step } from "../step.ts";
import { revokeConsulToken } from "./revoke-consul-token.ts";
import { revokeVault } from "./revoke-vault.ts";

/** Takes back what the node was given, while its machine still runs: it may yet have to report. */
const withdrawIntroduction: Step = {
  name: "withdraw the introduction",
  async run(pass) {
    const { introductions } = pass.ports;
    if (!introductions) return next;
    await revokeVault(pass);
    await pass.act("deleted its introduction", async () =>
      (await introductions.withdraw(pass.record.nodeId)) ? "done" : "none",
    );
    return next;
  },
};

/** Takes back what the node was given and deletes its parameters: the machine is gone. */
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

/** For an instance that is given up. One system's outage does not keep what is of another. */
export const withdrawalParts: readonly Step[] = [revokeConsulToken, withdrawIntroduction];

/** For one that is gone. */
export const forgettingParts: readonly Step[] = [revokeConsulToken, forgetIntroduction];
