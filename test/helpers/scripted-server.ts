import {
  createServer as createHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttps, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as the server got it. */
export interface Heard {
  readonly method: string;
  /** Path and query, decoded. */
  readonly url: URL;
  readonly token: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Script = (heard: Heard, response: ServerResponse, number: number) => void;

/** An HTTP server that answers by a script and remembers what it heard. */
export async function startScriptedServer(script: Script, tls?: ServerOptions) {
  const heard: Heard[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const entry = {
      method: request.method ?? "",
      url: new URL(request.url ?? "", "http://server"),
      token: [request.headers["x-nomad-token"]].flat()[0],
      headers: request.headers,
      body: await text(request),
    };
    heard.push(entry);
    script(entry, response, heard.length);
  };
  const server = tls ? createHttps(tls, listener) : createHttp(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const scheme = tls ? "https" : "http";
  return {
    address: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with a status and a text, or a value as JSON. */
export function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const isText = typeof body === "string";
  const type = isText ? "text/plain; charset=utf-8" : "application/json";
  response.writeHead(status, { "Content-Type": type, ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
