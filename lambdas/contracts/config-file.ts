import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { type Config, ConfigError, parseConfig } from "./config.ts";

/** The sections that can name a CA certificate. */
const SERVERS = ["nomad", "consul", "vault"] as const;

/**
 * Reads a configuration file in YAML or JSON and puts the CA certificates of `tls.caFile` (relative to
 * the file) in their places.
 * @throws {ConfigError} when a file can't be read or a field is wrong.
 */
export function readConfigFile(path: string): Config {
  const config = parseConfig(parseText(readText(path, "configuration file"), path), path);
  const read = SERVERS.map((name) => [name, withCa(config[name], name, path)] as const);
  return parseConfig(
    { ...config, ...Object.fromEntries(read), ...rotateWithCas(config, path) },
    path,
  );
}

function rotateWithCas({ rotate }: Config, path: string) {
  if (!rotate) return {};
  const of = rotate.of.map((rotation) => {
    if (!("server" in rotation)) return rotation;
    const server = withCa(rotation.server, `rotate.of (${rotation.name}).server`, path);
    return { ...rotation, server };
  });
  return { rotate: { ...rotate, of } };
}

function withCa(server: Config["nomad" | "consul" | "vault"], name: string, path: string) {
  if (!server?.tls?.caFile) return server;
  const { caFile, ...rest } = server.tls;
  const ca = readText(resolve(dirname(path), caFile), `${name}.tls.caFile`);
  return { ...server, tls: { ...rest, ca } };
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`${what}: can't read ${path} (${(cause as Error).message})`, { cause });
  }
}

function parseText(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new ConfigError(`${path} is neither YAML nor JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}
