import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { type Config, ConfigError, parseConfig } from "./config.ts";

/**
 * Reads a configuration file in YAML or JSON and puts the CA certificate of `nomad.tls.caFile`
 * (relative to the file) in its place.
 * @throws {ConfigError} when the file can't be read or a field is wrong.
 */
export function readConfigFile(path: string): Config {
  const config = parseConfig(parseText(readText(path, "configuration file"), path), path);
  const { tls } = config.nomad;
  if (!tls?.caFile) return config;
  const ca = readText(resolve(dirname(path), tls.caFile), "nomad.tls.caFile");
  const { caFile: _read, ...rest } = tls;
  return parseConfig({ ...config, nomad: { ...config.nomad, tls: { ...rest, ca } } }, path);
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
