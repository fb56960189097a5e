import { READABLE_PATH } from "../../../local/vault/rotation-setup.ts";
import { readSettings } from "../settings.ts";
import { secretText } from "./secrets.ts";

const EACH_MILLISECONDS = 1_000;

/** A program that each second reads its secret, reads something in OpenBao with its token and renews that. */
export interface TokenConsumer {
  /** How often it has used a token. */
  uses(): number;
  /** What it was answered other than 200. */
  readonly refusals: string[];
  stop(): Promise<void>;
}

export function startTokenConsumer(secret: string): TokenConsumer {
  const refusals: string[] = [];
  let uses = 0;
  let isStopped = false;
  let using = Promise.resolve();

  async function use(): Promise<void> {
    const token = tokenIn(await secretText(secret));
    for (const [method, path] of [
      ["GET", READABLE_PATH],
      ["POST", "auth/token/renew-self"],
    ] as const) {
      const status = await openBaoStatus(token, method, path);
      if (status !== 200) refusals.push(`${new Date().toISOString()} ${method} ${path}: ${status}`);
    }
    uses += 1;
  }

  const timer = setInterval(() => {
    if (isStopped) return;
    using = using.then(use).catch((error: unknown) => {
      refusals.push(String(error));
    });
  }, EACH_MILLISECONDS);

  return {
    uses: () => uses,
    refusals,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await using;
    },
  };
}

/** The token in a secret that holds it as it is, or beside others in JSON. */
export function tokenIn(text: string): string {
  return text.startsWith("{") ? JSON.parse(text).token : text;
}

/** What OpenBao answers to a call with a token. */
export async function openBaoStatus(token: string, method: string, path: string): Promise<number> {
  const url = `${readSettings().openBao.address}/v1/${path}`;
  return (await fetch(url, { method, headers: { "X-Vault-Token": token } })).status;
}
