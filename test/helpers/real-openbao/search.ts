import { NODE_ROLE } from "../../../local/vault/drover-setup.ts";
import type { RealOpenBao } from "./start.ts";

type Server = Pick<RealOpenBao, "address" | "rootToken">;

interface Found {
  readonly data?: {
    readonly keys?: readonly string[];
    readonly metadata?: Readonly<Record<string, string>> | null;
    readonly meta?: Readonly<Record<string, string>> | null;
  };
}

/**
 * What a search as root finds of a node: the accessors of secret ids and of tokens that have its id in
 * their metadata. Secret ids that have expired are not counted, though they may still be listed.
 */
export async function searchVault(server: Server, instanceId: string) {
  const role = `auth/approle/role/${NODE_ROLE}`;
  const secretIds = await list(server, `${role}/secret-id`);
  const tokens = await list(server, "auth/token/accessors");
  const isOf = async (path: string, body: object) => {
    const { metadata, meta } = (await look(server, "POST", path, body))?.data ?? {};
    return (metadata ?? meta)?.instance_id === instanceId;
  };
  return {
    secretIds: await those(secretIds, (secret_id_accessor) =>
      isOf(`${role}/secret-id-accessor/lookup`, { secret_id_accessor }),
    ),
    tokens: await those(tokens, (accessor) => isOf("auth/token/lookup-accessor", { accessor })),
  };
}

async function list(server: Server, path: string): Promise<readonly string[]> {
  return (await look(server, "GET", `${path}?list=true`))?.data?.keys ?? [];
}

async function those(all: readonly string[], fits: (each: string) => Promise<boolean>) {
  const found = await Promise.all(all.map(fits));
  return all.filter((_, index) => found[index]);
}

/** @returns undefined for what has gone, or was never there. @throws when root is refused, or for a 5xx. */
async function look(
  { address, rootToken }: Server,
  method: string,
  path: string,
  body?: object,
): Promise<Found | undefined> {
  const answer = await fetch(`${address}/v1/${path}`, {
    method,
    headers: { "X-Vault-Token": rootToken, "Content-Type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (answer.status === 200) return JSON.parse(text) as Found;
  if ([204, 400, 404].includes(answer.status)) return undefined;
  throw new Error(`${method} ${path}: ${answer.status} ${text}`);
}
