import { createBreaker } from "../clients/aws/breaker.ts";
import { createBudget } from "../clients/aws/budget.ts";
import { createCommands } from "../clients/aws/commands.ts";
import type { Connections } from "./compose.ts";
import { connectConsul } from "./connect-consul.ts";
import { connectInstances } from "./connect-instances.ts";
import { connectNomad } from "./connect-nomad.ts";
import { connectSystemsManager } from "./connect-systems-manager.ts";
import { openVault } from "./connect-vault.ts";
import type { Wiring } from "./wiring.ts";

/** What heal-node works on. What a node was given is none of its business: Vault has tokens for it at most. */
export async function connectHealNode(wiring: Wiring): Promise<Connections> {
  const { config, documents, table, clock } = wiring;
  const takesTokens = config.nomad.tokenFromVault || config.consul?.tokenFromVault;
  const vault = takesTokens ? await openVault(wiring) : undefined;
  return {
    ...connectInstances(wiring),
    nomad: await connectNomad(wiring, vault),
    consul: await connectConsul(wiring, vault),
    vault: undefined,
    introductions: undefined,
    commands: createCommands(connectSystemsManager(), config.name),
    breaker: createBreaker(documents, table, clock),
    budget: createBudget(documents, table, clock),
  };
}
