import type { Pass } from "../pass.ts";

/**
 * Revokes the token that the node has got from Vault, by the accessor it has reported, and destroys
 * its secret ids that nobody has used. They are looked for in Vault, not in the record: a pass that
 * died may have made one and not said so.
 */
export async function revokeVault(pass: Pass): Promise<void> {
  const { vault } = pass.ports;
  const { nodeId } = pass.record;
  if (!vault || !pass.config.introduction?.vault) return;
  for (const accessor of await accessors(pass)) {
    const revoked = await pass.act("revoked its Vault token", () =>
      vault.revokeToken(nodeId, accessor),
    );
    if (revoked === "another's") {
      pass.saw(
        "it reported the accessor of a Vault token that is not its own, which is left alone",
      );
    }
  }
  pass.record = { ...pass.record, vaultTokenAccessor: undefined };
  await pass.act("destroyed its unused secret id", async () =>
    (await vault.destroySecretIds(nodeId)) > 0 ? "done" : "none",
  );
}

// What it said when it joined counts, whatever it says now.
async function accessors({ ports, record }: Pass): Promise<Set<string>> {
  const report = await ports.introductions?.report(record.nodeId);
  const reported = report && "vaultTokenAccessor" in report ? [report.vaultTokenAccessor] : [];
  const known = record.vaultTokenAccessor ? [record.vaultTokenAccessor] : [];
  return new Set([...known, ...reported]);
}
