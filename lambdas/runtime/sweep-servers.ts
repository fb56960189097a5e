import { createConsulSurvey } from "../clients/consul/create-consul-survey.ts";
import { createNomadSurvey } from "../clients/nomad/create-nomad-survey.ts";
import type { SweepPorts } from "../domain/sweep/ports.ts";
import { consulOptions } from "./connect-consul.ts";
import { nomadOptions } from "./connect-nomad.ts";
import { openVault } from "./connect-vault.ts";
import type { Wiring } from "./wiring.ts";

/** Nomad's and Consul's servers as the sweep looks at them; Vault only if it gives their tokens. */
export async function connectSweepServers(
  wiring: Wiring,
): Promise<Pick<SweepPorts, "nomad" | "consul">> {
  const { nomad, consul } = wiring.config;
  const takesTokens = nomad.tokenFromVault || consul?.tokenFromVault;
  const vault = takesTokens ? await openVault(wiring) : undefined;
  const options = await consulOptions(wiring, vault);
  return {
    nomad: createNomadSurvey(await nomadOptions(wiring, vault)),
    consul: options && createConsulSurvey(options),
  };
}
