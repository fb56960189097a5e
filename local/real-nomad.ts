import { readFileSync } from "node:fs";
import type { ConfigInput } from "../lambdas/contracts/config.ts";
import type { SecretsManagerModel } from "./aws/secrets-manager-model.ts";

export const TOKEN_SECRET = "drover/nomad-token";
const CERTIFICATE_SECRET = "drover/nomad-client-certificate";

/** A Nomad outside the local stack, by the variables that Nomad's own CLI reads. */
export interface RealNomad {
  readonly address: string;
  readonly token?: string;
  readonly region?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly privateKey?: string;
  readonly serverName?: string;
}

/** @returns undefined when `NOMAD_ADDR` is not set. */
export function realNomad(variables: NodeJS.ProcessEnv): RealNomad | undefined {
  const file = (path: string | undefined) => (path ? readFileSync(path, "utf8") : undefined);
  const { NOMAD_ADDR, NOMAD_TOKEN, NOMAD_REGION, NOMAD_TLS_SERVER_NAME } = variables;
  if (!NOMAD_ADDR) return undefined;
  const ca = file(variables.NOMAD_CACERT);
  const certificate = file(variables.NOMAD_CLIENT_CERT);
  const privateKey = file(variables.NOMAD_CLIENT_KEY);
  return {
    address: NOMAD_ADDR,
    ...(NOMAD_TOKEN && { token: NOMAD_TOKEN }),
    ...(NOMAD_REGION && { region: NOMAD_REGION }),
    ...(NOMAD_TLS_SERVER_NAME && { serverName: NOMAD_TLS_SERVER_NAME }),
    ...(ca && { ca }),
    ...(certificate && { certificate }),
    ...(privateKey && { privateKey }),
  };
}

/** The configuration that leads to a Nomad; what is secret of it goes where the functions look. */
export function nomadConfig(nomad: RealNomad, secrets: SecretsManagerModel): ConfigInput["nomad"] {
  const { address, region, token, ca, serverName, certificate, privateKey } = nomad;
  if (token) secrets.create(TOKEN_SECRET, token);
  if (certificate && privateKey) {
    secrets.create(CERTIFICATE_SECRET, JSON.stringify({ certificate, privateKey }));
  }
  const tls = {
    ...(ca && { ca }),
    ...(serverName && { serverName }),
    ...(certificate && privateKey && { clientCertificateSecret: CERTIFICATE_SECRET }),
  };
  return {
    address,
    ...(region && { region }),
    ...(token && { tokenSecret: TOKEN_SECRET }),
    ...(Object.keys(tls).length > 0 && { tls }),
  };
}
