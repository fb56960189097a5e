import { setTimeout as pause } from "node:timers/promises";
import { ACCOUNT, emulatorEnvironment, REGION } from "./environment.ts";
import type { Processes } from "./processes.ts";

const START_MILLISECONDS = 60_000;

/**
 * Starts MiniStack and waits until it answers.
 * @returns the environment for whoever talks to it.
 */
export async function startMiniStack(
  processes: Processes,
  { python, port, folder }: { python: string; port: number; folder: string },
): Promise<NodeJS.ProcessEnv> {
  const endpoint = `http://127.0.0.1:${port}`;
  const env = emulatorEnvironment(endpoint, folder);
  const command = {
    name: "ministack",
    command: python,
    args: ["-m", "ministack"],
    cwd: folder,
    env: {
      ...env,
      BIND_HOST: "127.0.0.1",
      // In the URLs of queues.
      MINISTACK_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      MINISTACK_REGION: REGION,
      // It would open ports for these too.
      IOT_MTLS_ENABLED: "0",
      SFTP_ENABLED: "0",
    },
  };
  const { ended } = processes.start(command);
  await Promise.race([ended, untilReady(endpoint)]);
  return env;
}

async function untilReady(endpoint: string): Promise<void> {
  const end = Date.now() + START_MILLISECONDS;
  while (Date.now() < end) {
    const answer = await fetch(`${endpoint}/_ministack/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await pause(200);
  }
  throw new Error(`MiniStack was not ready on ${endpoint} within a minute`);
}
