import type { NomadNodeId } from "../../contracts/ids.ts";
import type { Nomad } from "../../domain/ports/nomad.ts";
import { type ApiClientOptions, openApi } from "../http/api-client.ts";
import { lately } from "../lately.ts";
import { AllocationsReading } from "./allocation-reading.ts";
import { createFindNodes } from "./find-nodes.ts";
import { createIntroductionToken } from "./introduction-token.ts";
import { createNamespaceProbe } from "./namespace-probe.ts";
import { readNode } from "./node-reading.ts";
import { NOMAD } from "./nomad-api.ts";
import { createPool } from "./pool.ts";
import { readServers } from "./servers.ts";
import { serviceAllocations } from "./service-allocations.ts";
import { createSmokeJobs } from "./smoke-job.ts";

export interface NomadOptions extends ApiClientOptions {
  readonly region?: string;
  /** Milliseconds on a clock that does not jump. */
  readonly now?: () => number;
}

/**
 * Nomad over its HTTP API. Reads, and the eligibility write (the same twice as once), are tried
 * again on 429, 5xx and silence for about 6 s in all. The drain write is not: a second one moves
 * the deadline. Nor is the purge: the second would say the node was not there, as if it never was.
 * Introduction tokens and smoke runs may be asked for again.
 * @returns the port, and `close` for its connections.
 */
export function createNomad(options: NomadOptions): Nomad & { close(): void } {
  const { region, now = () => performance.now() } = options;
  const { http, close } = openApi(NOMAD, options, { ...(region && { query: { region } }) });

  const node = (id: NomadNodeId) => readNode(http, id);
  const pool = createPool(http);
  const servers = () => readServers(http);

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
    seesAllNamespaces: createNamespaceProbe(http, options.token, now),
    introductionToken: createIntroductionToken(http),
    ...createSmokeJobs(http),
    pool,
    recentPool: lately(now, pool),
    serviceAllocations: (job) => serviceAllocations(http, job),
    servers,
    recentServers: lately(now, servers),
    close,
  };
}
