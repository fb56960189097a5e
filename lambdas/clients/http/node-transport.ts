import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { HttpRequest as SmithyRequest } from "@smithy/core/protocols";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { type HttpAnswer, type HttpRequest, NoAnswer, type Transport } from "./exchange.ts";

/** What to trust and what to show in TLS, all in PEM. */
export interface TlsOptions {
  /** The CA the server's certificate must come from; the public ones when left out. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly privateKey?: string;
  /** The name to expect in the server's certificate instead of the address's host. */
  readonly serverName?: string;
}

export interface NodeTransportOptions {
  /** For example `https://nomad.example.internal:4646`; a path in it is put before each path. */
  readonly address: string;
  readonly tls?: TlsOptions;
  /** For a whole exchange, the reading of the body included. */
  readonly requestTimeoutSeconds: number;
  /** Connections at once; further requests wait for a free one within their time. */
  readonly maxSockets: number;
}

/** Unused connections are closed after this, so that they don't count against a server's limit. */
const IDLE_MILLISECONDS = 30_000;

/**
 * A transport over kept-alive HTTP/1.1 connections. It uses the AWS SDK's own handler, which is in
 * every function's bundle anyway.
 */
export function createNodeTransport(options: NodeTransportOptions): Transport {
  const url = new URL(options.address);
  const prefix = url.pathname.replace(/\/$/, "");
  const handler = createHandler(options);

  async function send(
    request: HttpRequest,
    timeoutMilliseconds = options.requestTimeoutSeconds * 1_000,
  ): Promise<HttpAnswer> {
    // One signal for the whole exchange: a server that stops in the middle of a body counts too.
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMilliseconds);
    try {
      const { response } = await handler.handle(
        new SmithyRequest({
          protocol: url.protocol,
          hostname: url.hostname,
          ...(url.port && { port: Number(url.port) }),
          method: request.method,
          path: prefix + request.path,
          headers: withLength(request),
          ...(request.body !== undefined && { body: request.body }),
        }),
        { abortSignal: abort.signal },
      );
      const body = await text(response.body as Readable);
      return { status: response.statusCode, headers: response.headers, body };
    } catch (cause) {
      const why = abort.signal.aborted
        ? `no whole answer within ${timeoutMilliseconds / 1_000} s`
        : reason(cause);
      throw new NoAnswer(`${options.address}: ${why}`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  return { address: options.address, send, close: () => handler.destroy() };
}

function createHandler(options: NodeTransportOptions): NodeHttpHandler {
  const { tls, maxSockets } = options;
  const agent = { keepAlive: true, maxSockets, timeout: IDLE_MILLISECONDS };
  const milliseconds = options.requestTimeoutSeconds * 1_000;
  return new NodeHttpHandler({
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent({
      ...agent,
      ...(tls?.ca && { ca: tls.ca }),
      ...(tls?.certificate && { cert: tls.certificate }),
      ...(tls?.privateKey && { key: tls.privateKey }),
      ...(tls?.serverName && { servername: tls.serverName }),
    }),
    connectionTimeout: milliseconds,
    // Its warning about waiting requests is for those who set no limit on purpose.
    socketAcquisitionWarningTimeout: milliseconds * 10,
  });
}

function withLength(request: HttpRequest): Record<string, string> {
  const headers = { ...request.headers };
  if (request.body !== undefined) headers["content-length"] = `${Buffer.byteLength(request.body)}`;
  return headers;
}

/** Node gives some network errors (several addresses tried) an empty message and only a code. */
function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause ? String(cause.code) : "";
  if (!cause.message) return code || cause.name;
  return code && !cause.message.includes(code) ? `${cause.message} (${code})` : cause.message;
}
