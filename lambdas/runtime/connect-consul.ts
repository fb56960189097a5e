import { type ConsulOptions, createConsul } from "../clients/consul/create-consul.ts";
import type { VaultSession } from "../clients/vault/vault-session.ts";
import type { Consul } from "../domain/ports/consul.ts";
import { tlsOptions } from "./tls-options.ts";
import { tokenSource } from "./token-source.ts";
import type { Wiring } from "./wiring.ts";

/** Consul as the configuration describes it, if it does; its token as Nomad's. */
export async function connectConsul(
  wiring: Wiring,
  vault: VaultSession | undefined,
): Promise<Consul | undefined> {
  const options = await consulOptions(wiring, vault);
  return options && createConsul(options);
}

/** What every client of Consul's is told, if there is to be one. */
export async function consulOptions(
  wiring: Wiring,
  vault: VaultSession | undefined,
): Promise<ConsulOptions | undefined> {
  const { consul } = wiring.config;
  if (!consul) return undefined;
  const { address, datacenter, requestTimeoutSeconds, maxSockets } = consul;
  const tls = await tlsOptions(consul, wiring.secrets, wiring.clock);
  return {
    address,
    ...(datacenter && { datacenter }),
    ...(tls && { tls }),
    ...tokenSource(consul, "consul", vault, wiring),
    requestTimeoutSeconds,
    maxSockets,
  };
}
