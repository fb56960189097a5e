import type { Api } from "./api.ts";
import { ApiHttp } from "./api-http.ts";
import type { Transport } from "./exchange.ts";
import { createNodeTransport, type TlsOptions } from "./node-transport.ts";
import type { RetryOptions } from "./retry.ts";

/** What the clients of Nomad, Consul and Vault are all told. */
export interface ApiClientOptions {
  /** For example `https://nomad.example.internal:4646`. */
  readonly address: string;
  /** The token, fetched for each call; undefined when the servers ask for none. */
  readonly token: () => Promise<string | undefined>;
  /** Asked once after a 403: fetches the token anew, since its secret may have been rotated. */
  readonly refreshToken?: () => Promise<string | undefined>;
  readonly tls?: TlsOptions;
  /** For each try of a call, the reading of the answer included. @default 5 */
  readonly requestTimeoutSeconds?: number;
  /** Connections at once. @default 5 */
  readonly maxSockets?: number;
  /** How often and how fast calls that are safe to repeat are tried again. */
  readonly retry?: Partial<RetryOptions>;
  /** Carries the requests instead of HTTP connections to `address`. */
  readonly transport?: Transport;
}

/**
 * Opens an API with these options.
 * @param every what is put into the query or the headers of every call.
 * @returns the API, its transport, and `close` for the transport's connections.
 */
export function openApi(
  api: Api,
  options: ApiClientOptions,
  every: {
    readonly query?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): { readonly http: ApiHttp; readonly transport: Transport; close(): void } {
  const requestTimeoutSeconds = options.requestTimeoutSeconds ?? 5;
  const transport =
    options.transport ??
    createNodeTransport({
      address: options.address,
      ...(options.tls && { tls: options.tls }),
      requestTimeoutSeconds,
      maxSockets: options.maxSockets ?? 5,
    });
  const http = new ApiHttp(api, {
    ...options,
    ...every,
    transport,
    requestTimeoutMilliseconds: requestTimeoutSeconds * 1_000,
  });
  return { http, transport, close: () => transport.close() };
}
