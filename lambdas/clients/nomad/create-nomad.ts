import type { NomadNodeId } from "../../contracts/ids.ts";
import type { Nomad } from "../../domain/ports/nomad.ts";
import type { Transport } from "../http/exchange.ts";
import { createNodeTransport, type TlsOptions } from "../http/node-transport.ts";
import type { RetryOptions } from "../http/retry.ts";
import { AllocationsReading } from "./allocation-reading.ts";
import { createFindNodes } from "./find-nodes.ts";
import { createNamespaceProbe } from "./namespace-probe.ts";
import { NodeReading } from "./node-reading.ts";
import { NomadHttp } from "./nomad-http.ts";

export interface NomadOptions {
  /** For example `https://nomad.example.internal:4646`. */
  readonly address: string;
  readonly region?: string;
  /** The ACL token, fetched for each call; undefined when Nomad runs without ACLs. */
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
  /** Milliseconds on a clock that does not jump. */
  readonly now?: () => number;
}

/**
 * Nomad over its HTTP API. Reads, and the eligibility write (the same twice as once), are tried
 * again on 429, 5xx and silence for about 12 s in all. The drain write is not: a second one moves
 * the deadline. Nor is the purge: the second would say the node was not there, as if it never was.
 * @returns the port, and `close` for its connections.
 */
export function createNomad(options: NomadOptions): Nomad & { close(): void } {
  const requestTimeoutSeconds = options.requestTimeoutSeconds ?? 5;
  const transport =
    options.transport ??
    createNodeTransport({
      address: options.address,
      ...(options.tls && { tls: options.tls }),
      requestTimeoutSeconds,
      maxSockets: options.maxSockets ?? 5,
    });
  const http = new NomadHttp({
    ...options,
    transport,
    requestTimeoutMilliseconds: requestTimeoutSeconds * 1_000,
  });

  async function node(id: NomadNodeId) {
    const found = await http.read({ method: "GET", path: `/v1/node/${id}` }, NodeReading);
    return found?.value;
  }

  async function write(id: NomadNodeId, what: string, body: unknown, repeatable = false) {
    const path = `/v1/node/${id}/${what}`;
    const answer = await http.send({ method: "POST", path, body, repeatable });
    return answer && ("done" as const);
  }

  return {
    node,
    findNodes: createFindNodes(http, node),
    setEligibility: (id, eligible) =>
      write(id, "eligibility", { Eligibility: eligible ? "eligible" : "ineligible" }, true),
    drain: (id, { deadlineNanoseconds, ignoreSystemJobs, meta }) =>
      write(id, "drain", {
        DrainSpec: { Deadline: deadlineNanoseconds, IgnoreSystemJobs: ignoreSystemJobs },
        Meta: meta,
      }),
    purge: (id) => write(id, "purge", {}),
    async allocations(id) {
      const call = { method: "GET", path: `/v1/node/${id}/allocations` } as const;
      const found = await http.read(call, AllocationsReading);
      return found?.value ?? [];
    },
    seesAllNamespaces: createNamespaceProbe(
      http,
      options.token,
      options.now ?? (() => performance.now()),
    ),
    close: () => transport.close(),
  };
}
