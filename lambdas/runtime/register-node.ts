import { createCommands } from "../clients/aws/commands.ts";
import type { Connections } from "./compose.ts";
import { connectConsul } from "./connect-consul.ts";
import { connectNomad } from "./connect-nomad.ts";
import { connectSystemsManager } from "./connect-systems-manager.ts";
import { openVault } from "./connect-vault.ts";
import { notUsed } from "./not-used.ts";
import type { Wiring } from "./wiring.ts";

/** What register-node works on: Consul's catalog, and what is left of a withdrawn node in Nomad. */
export async function connectRegisterNode(wiring: Wiring): Promise<Connections> {
  const { nomad, consul } = wiring.config;
  const takesTokens = nomad.tokenFromVault || consul?.tokenFromVault;
  const vault = takesTokens ? await openVault(wiring) : undefined;
  return {
    nomad: await connectNomad(wiring, vault),
    consul: await connectConsul(wiring, vault),
    commands: createCommands(connectSystemsManager(), wiring.config.name),
    // Nodes outside Auto Scaling are given nothing.
    vault: undefined,
    introductions: undefined,
    autoScaling: notUsed("autoScaling", "register-node"),
    compute: notUsed("compute", "register-node"),
    breaker: notUsed("breaker", "register-node"),
    budget: notUsed("budget", "register-node"),
  };
}
