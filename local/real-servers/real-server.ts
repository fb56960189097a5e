import { readFileSync } from "node:fs";
import type { TlsOptions } from "../../lambdas/clients/http/node-transport.ts";
import { ConfigError } from "../../lambdas/contracts/config.ts";
import { LOCAL_MODELS_VARIABLE } from "../../lambdas/contracts/names.ts";

/** A server outside the local stack, by the variables that its own CLI reads. */
export interface RealServer {
  readonly address: string;
  readonly token: string | undefined;
  readonly tls: TlsOptions | undefined;
}

export type ServerKind = "nomad" | "consul" | "vault";
export type Variables = Readonly<Record<string, string | undefined>>;

const VARIABLES: Record<ServerKind, { prefix: string; address: string; token: string }> = {
  nomad: { prefix: "NOMAD", address: "NOMAD_ADDR", token: "NOMAD_TOKEN" },
  consul: { prefix: "CONSUL", address: "CONSUL_HTTP_ADDR", token: "CONSUL_HTTP_TOKEN" },
  vault: { prefix: "VAULT", address: "VAULT_ADDR", token: "VAULT_TOKEN" },
};

/**
 * @returns undefined where the address is not set, or is that of another local stack's model: one that
 * was printed for other shells, of which this may be one.
 * @throws {ConfigError} naming the variable whose file can't be read.
 */
export function readServer(kind: ServerKind, variables: Variables): RealServer | undefined {
  const { prefix, ...names } = VARIABLES[kind];
  const address = variables[names.address];
  const models = variables[LOCAL_MODELS_VARIABLE]?.split(",") ?? [];
  if (!address || models.includes(address)) return undefined;
  const tls = readTls(prefix, variables);
  return {
    address: withScheme(kind, address, variables),
    token: variables[names.token] || undefined,
    tls: Object.keys(tls).length > 0 ? tls : undefined,
  };
}

/** Consul's own CLI takes an address without a scheme. */
function withScheme(kind: ServerKind, address: string, variables: Variables): string {
  if (kind !== "consul" || address.includes("://")) return address;
  const isTls = /^(1|true)$/.test(variables.CONSUL_HTTP_SSL ?? "");
  return `${isTls ? "https" : "http"}://${address}`;
}

function readTls(prefix: string, variables: Variables): TlsOptions {
  const file = (name: string) => {
    const path = variables[`${prefix}_${name}`];
    return path ? readPem(`${prefix}_${name}`, path) : undefined;
  };
  const ca = file("CACERT");
  const certificate = file("CLIENT_CERT");
  const privateKey = file("CLIENT_KEY");
  const serverName = variables[`${prefix}_TLS_SERVER_NAME`];
  return {
    ...(ca && { ca }),
    ...(certificate && { certificate }),
    ...(privateKey && { privateKey }),
    ...(serverName && { serverName }),
  };
}

function readPem(variable: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const why = (cause as Error).message;
    throw new ConfigError(`${variable}: can't read ${path}: ${why}`, { cause });
  }
}
