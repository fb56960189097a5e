import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { type ServedFace, serveFace } from "../../local/serve-face.ts";
import { widened } from "./real-sizes.ts";

/** What belongs to a connection, or to the narrow answer. */
const NOT_PASSED_ON = new Set(["host", "connection", "keep-alive", "content-length", "date"]);

/**
 * Stands before a face: its answers become as long as real ones, and its calls are counted.
 * @param called is told what each call asks for.
 */
export function serveWide(address: string, called: (call: string) => void): Promise<ServedFace> {
  return serveFace(async (request, response) => {
    const body = await text(request);
    called(nameOf(request, body));
    const answer = await fetch(`${address}${request.url}`, {
      method: request.method ?? "GET",
      headers: passedOn(Object.entries(request.headers).map(([name, value]) => [name, `${value}`])),
      ...(body && { body }),
    });
    response.writeHead(answer.status, passedOn([...answer.headers]));
    response.end(widened(await answer.text()));
  }, 0);
}

function passedOn(headers: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(headers.filter(([name]) => !NOT_PASSED_ON.has(name)));
}

/** The action of an AWS call, the method and path of any other. */
function nameOf({ headers, method, url }: IncomingMessage, body: string): string {
  const target = headers["x-amz-target"]?.toString().split(".").at(-1);
  const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  const path = url?.split("?")[0]?.replace(/[0-9a-f-]{36}/, ":id");
  return target ?? action ?? `${method} ${path}`;
}
