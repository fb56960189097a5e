import { createBreaker } from "../clients/aws/breaker.ts";
import { createCommands } from "../clients/aws/commands.ts";
import type { Connections } from "./compose.ts";
import { connectConsul } from "./connect-consul.ts";
import { connectInstances } from "./connect-instances.ts";
import { connectNomad } from "./connect-nomad.ts";
import { connectIntroductions, connectSystemsManager } from "./connect-systems-manager.ts";
import { connectVault, openVault } from "./connect-vault.ts";
import { notUsed } from "./not-used.ts";
import type { Wiring } from "./wiring.ts";

/** What join-client works on. */
export async function connectJoinClient(wiring: Wiring): Promise<Connections> {
  const { config, documents, table, clock } = wiring;
  const vault = await openVault(wiring);
  const systemsManager = connectSystemsManager();
  return {
    ...connectInstances(wiring),
    nomad: await connectNomad(wiring, vault),
    consul: await connectConsul(wiring, vault),
    vault: connectVault(wiring, vault),
    introductions: connectIntroductions(wiring, systemsManager),
    commands: createCommands(systemsManager, config.name),
    breaker: createBreaker(documents, table, clock),
    budget: notUsed("budget", "join-client"),
  };
}
