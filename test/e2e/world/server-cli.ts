import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readSettings } from "../settings.ts";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** OpenBao's own command line, as root. */
export function bao(...args: string[]): Promise<Ended> {
  const { openBaoBin, openBao } = readSettings();
  return run(openBaoBin, args, { BAO_ADDR: openBao.address, BAO_TOKEN: openBao.rootToken });
}

/** Consul's own command line, with a token. */
export function consulWith(token: string, ...args: string[]): Promise<Ended> {
  const { consulBin, consul } = readSettings();
  return run(consulBin, args, { CONSUL_HTTP_ADDR: consul.address, CONSUL_HTTP_TOKEN: token });
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const options = { env: { ...process.env, ...env } };
  return promisify(execFile)(command, args, options).then(
    (printed) => ({ code: 0, ...printed }),
    (error: Error & Partial<Ended>) => {
      // One that could not be started has no number.
      if (typeof error.code !== "number") throw error;
      return { code: error.code, stdout: error.stdout ?? "", stderr: error.stderr ?? "" };
    },
  );
}
