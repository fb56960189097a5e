import type { ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { type Heard, reply, startScriptedServer } from "../helpers/scripted-server.ts";

/** What happens to a call on its way, other than that it arrives. */
export type Mishap =
  | "no-answer"
  /** It arrives and is done, but the answer does not come back. */
  | "answer-lost"
  /** Somebody on the way answers instead: a load balancer, or a Vault that can't. */
  | readonly [status: number, ...errors: string[]]
  /** It arrives after this. */
  | (() => Promise<unknown>);

/** By path, one after the other; when they are over, all arrives. */
export type Mishaps = Readonly<Record<string, readonly Mishap[]>>;

/** The wire between a machine and its Vault. */
export async function startWire(address: string, mishaps: Mishaps = {}) {
  const left = new Map(Object.entries(mishaps).map(([path, each]) => [path, [...each]]));
  const wire = await startScriptedServer(async (heard, response) => {
    const mishap = left.get(heard.url.pathname.replace("/v1/", ""))?.shift();
    if (mishap === "no-answer") response.destroy();
    else if (mishap === "answer-lost") {
      await forward(address, heard);
      response.destroy();
    } else if (mishap && typeof mishap !== "function") {
      reply(response, mishap[0], { errors: mishap.slice(1) });
    } else {
      await mishap?.();
      await passOn(address, heard, response);
    }
  });
  onTestFinished(wire.close);
  return {
    address: wire.address,
    heard: wire.heard,
    /** The paths that were called, after `/v1/`. */
    calls: () => wire.heard.map(({ url }) => url.pathname.replace("/v1/", "")),
  };
}

async function passOn(address: string, heard: Heard, response: ServerResponse): Promise<void> {
  const answer = await forward(address, heard);
  response.writeHead(answer.status, { "Content-Type": "application/json" });
  response.end(await answer.text());
}

function forward(address: string, { url, method, headers, body }: Heard): Promise<Response> {
  const token = headers["x-vault-token"];
  return fetch(`${address}${url.pathname}`, {
    method,
    headers: {
      "Content-Type": headers["content-type"] ?? "",
      ...(typeof token === "string" && { "X-Vault-Token": token }),
    },
    body,
  });
}
