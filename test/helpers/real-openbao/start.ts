import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePorts } from "../../../local/consul-agents/free-ports.ts";

export interface RealOpenBao {
  readonly address: string;
  readonly rootToken: string;
  /** What it has logged lately. */
  log(): string;
  stop(): Promise<void>;
}

const START_MILLISECONDS = 30_000;
const ROOT_TOKEN = "root-of-the-tests";

/**
 * Starts an OpenBao in dev mode, unsealed and in memory, on a free port of 127.0.0.1.
 * @throws when it does not answer within 30 s; what it logged is in the message.
 */
export async function startRealOpenBao({ bin }: { readonly bin: string }): Promise<RealOpenBao> {
  const [port = 0] = await freePorts(1);
  const home = await mkdtemp(join(tmpdir(), "drover-openbao-"));
  const listen = `127.0.0.1:${port}`;
  const child = spawn(
    bin,
    [
      ...["server", "-dev", "-dev-no-store-token"],
      `-dev-root-token-id=${ROOT_TOKEN}`,
      `-dev-listen-address=${listen}`,
    ],
    { env: { ...process.env, HOME: home }, cwd: home, stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4_000);
    });
  }
  const ended = once(child, "close").catch((error: unknown) => {
    log += error;
  });

  async function stop(): Promise<void> {
    child.kill("SIGKILL");
    await ended;
    await rm(home, { recursive: true, force: true });
  }

  const address = `http://${listen}`;
  if (await isReady(address, ended)) {
    return { address, rootToken: ROOT_TOKEN, log: () => log, stop };
  }
  await stop();
  throw new Error(`OpenBao (${bin}) did not start:\n${log}`);
}

async function isReady(address: string, ended: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const end = Date.now() + START_MILLISECONDS;
  while (!isOver && Date.now() < end) {
    const answer = await fetch(`${address}/v1/sys/health`).catch(() => undefined);
    if (answer?.ok) return true;
    await pause(100);
  }
  return false;
}
