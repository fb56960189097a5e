import { ConfigError } from "../../lambdas/contracts/config.ts";
import { type RealServer, readServer, type Variables } from "./real-server.ts";

/** The servers to use instead of the models. */
export interface RealServers {
  readonly nomad?: RealServer & { readonly region: string | undefined };
  readonly consul?: RealServer & {
    /** A `consul`, to run a client agent with for each machine. @default agents are stood in for */
    readonly agentBinary: string | undefined;
  };
  readonly vault?: RealServer & {
    /** An operator's, that may set up AppRole. */
    readonly token: string;
    readonly namespace: string | undefined;
  };
}

/**
 * Which servers are real ones, by the variables that their own CLIs read.
 * @throws {ConfigError} for a file that can't be read, or a Vault without a token.
 */
export function readRealServers(variables: Variables): RealServers {
  const nomad = readServer("nomad", variables);
  const consul = readServer("consul", variables);
  const vault = readServer("vault", variables);
  if (vault && !vault.token) {
    throw new ConfigError(
      "VAULT_ADDR is set without VAULT_TOKEN: AppRole has to be set up with it",
    );
  }
  return {
    ...(nomad && { nomad: { ...nomad, region: variables.NOMAD_REGION } }),
    ...(consul && { consul: { ...consul, agentBinary: variables.CONSUL_BIN || undefined } }),
    ...(vault?.token && {
      vault: { ...vault, token: vault.token, namespace: variables.VAULT_NAMESPACE },
    }),
  };
}
