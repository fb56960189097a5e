import { createBudget } from "../clients/aws/budget.ts";
import type { Connections } from "./compose.ts";
import { connectConsul } from "./connect-consul.ts";
import { connectInstances } from "./connect-instances.ts";
import { connectNomad } from "./connect-nomad.ts";
import { connectIntroductions, connectSystemsManager } from "./connect-systems-manager.ts";
import { connectVault, openVault } from "./connect-vault.ts";
import { notUsed } from "./not-used.ts";
import type { Wiring } from "./wiring.ts";

/** What drain-client works on. */
export async function connectDrainClient(wiring: Wiring): Promise<Connections> {
  const { documents, table, clock } = wiring;
  const vault = await openVault(wiring);
  return {
    ...connectInstances(wiring),
    nomad: await connectNomad(wiring, vault),
    consul: await connectConsul(wiring, vault),
    vault: connectVault(wiring, vault),
    introductions: connectIntroductions(wiring, connectSystemsManager()),
    commands: notUsed("commands", "drain-client"),
    breaker: notUsed("breaker", "drain-client"),
    budget: createBudget(documents, table, clock),
  };
}
