import { ENVIRONMENT, LOCAL_MODELS_VARIABLE } from "../../lambdas/contracts/names.ts";
import type { ModelCluster } from "../model-cluster.ts";
import type { ServerKind } from "../real-servers/real-server.ts";
import type { RealServers } from "../real-servers/real-servers.ts";

export const LOCAL_TABLE = "drover-local";
export const LOCAL_BUS = "drover-local";

/** What leads the AWS SDKs and the CLI to the local stack. */
export function awsEnvironment(endpoint: string, region: string) {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    [ENVIRONMENT.table]: LOCAL_TABLE,
    [ENVIRONMENT.bus]: LOCAL_BUS,
  };
}

/**
 * What leads `drover nodes`, and the command lines of Nomad and Consul, to the models, with tokens
 * that may read; and that these are models, for another local stack that is started with it. Of real
 * servers there is nothing in it: who has their variables has them already.
 */
export function serverEnvironment(
  { nomad, consul }: ModelCluster,
  addresses: Readonly<Record<ServerKind, string>>,
  real: RealServers,
): Record<string, string> {
  const models = [
    !real.nomad && addresses.nomad,
    !real.consul && addresses.consul,
    !real.vault && addresses.vault,
  ].filter((address) => address !== false);
  return {
    ...(!real.nomad && {
      NOMAD_ADDR: addresses.nomad,
      NOMAD_TOKEN: nomad.createToken({ node: "read", namespaces: { "*": ["read-job"] } }),
    }),
    ...(!real.consul && {
      CONSUL_HTTP_ADDR: addresses.consul,
      CONSUL_HTTP_TOKEN: consul.createToken({ nodePrefix: { "": "read" } }),
    }),
    ...(models.length > 0 && { [LOCAL_MODELS_VARIABLE]: models.join(",") }),
  };
}
