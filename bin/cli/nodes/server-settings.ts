import { readFileSync } from "node:fs";
import { UserError } from "../failure.ts";

/** How to reach Nomad or Consul, and what to call things in an error. */
export interface ServerSettings {
  readonly name: "Nomad" | "Consul";
  readonly address: URL;
  readonly addressVariable: string;
  readonly token: string | undefined;
  readonly tokenHeader: string;
  readonly tokenVariable: string;
  /** What the token has to be allowed. */
  readonly needs: string;
  /** Put into every query. */
  readonly query: Readonly<Record<string, string>>;
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly servername?: string;
  };
}

export const CONSUL_TOKEN_NEEDS = `node_prefix "" { policy = "read" }`;

type Variables = Readonly<Record<string, string | undefined>>;

/** By the variables of Nomad's own CLI. @returns undefined without `NOMAD_ADDR`. */
export function nomadSettings(variables: Variables): ServerSettings | undefined {
  const { NOMAD_ADDR, NOMAD_TOKEN, NOMAD_REGION } = variables;
  if (!NOMAD_ADDR) return undefined;
  return {
    name: "Nomad",
    address: parseAddress(NOMAD_ADDR, "NOMAD_ADDR"),
    addressVariable: "NOMAD_ADDR",
    token: NOMAD_TOKEN,
    tokenHeader: "x-nomad-token",
    tokenVariable: "NOMAD_TOKEN",
    needs: `node { policy = "read" }`,
    query: NOMAD_REGION ? { region: NOMAD_REGION } : {},
    tls: tlsOf("NOMAD", variables),
  };
}

/**
 * By the variables of Consul's own CLI, whose address may lack a scheme.
 * @returns undefined without `CONSUL_HTTP_ADDR`.
 */
export function consulSettings(variables: Variables): ServerSettings | undefined {
  const { CONSUL_HTTP_ADDR, CONSUL_HTTP_TOKEN, CONSUL_HTTP_SSL } = variables;
  if (!CONSUL_HTTP_ADDR) return undefined;
  const scheme = CONSUL_HTTP_SSL === "true" || CONSUL_HTTP_SSL === "1" ? "https" : "http";
  const address = CONSUL_HTTP_ADDR.includes("://")
    ? CONSUL_HTTP_ADDR
    : `${scheme}://${CONSUL_HTTP_ADDR}`;
  return {
    name: "Consul",
    address: parseAddress(address, "CONSUL_HTTP_ADDR"),
    addressVariable: "CONSUL_HTTP_ADDR",
    token: CONSUL_HTTP_TOKEN,
    tokenHeader: "x-consul-token",
    tokenVariable: "CONSUL_HTTP_TOKEN",
    needs: CONSUL_TOKEN_NEEDS,
    query: {},
    tls: tlsOf("CONSUL", variables),
  };
}

function parseAddress(text: string, variable: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new UserError(`${variable} must be an http or https URL, such as https://192.0.2.10:8501`);
}

function tlsOf(prefix: "NOMAD" | "CONSUL", variables: Variables): ServerSettings["tls"] {
  const file = (name: string) => {
    const path = variables[`${prefix}_${name}`];
    return path ? readPem(path, `${prefix}_${name}`) : undefined;
  };
  const [ca, cert, key] = [file("CACERT"), file("CLIENT_CERT"), file("CLIENT_KEY")];
  const servername = variables[`${prefix}_TLS_SERVER_NAME`];
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(servername && { servername }),
  };
}

function readPem(path: string, variable: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new UserError(`${variable}: can't read ${path}: ${(cause as Error).message}`, { cause });
  }
}
