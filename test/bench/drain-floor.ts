import { setTimeout as pause } from "node:timers/promises";
import { createNodeTransport } from "../../lambdas/clients/http/node-transport.ts";
import type { Stage } from "./stage.ts";

const NANOSECONDS = 1e9;
const DRAIN_SECONDS = 3_600;
const STOPPED: ReadonlySet<string> = new Set(["complete", "failed", "lost"]);

/** How the bare calls are made. */
export interface FloorPace {
  /** Clients, each with connections of its own. */
  readonly clients: number;
  /** Nodes in work at once. */
  readonly inWork: number;
  /** From one look at a node to the next. */
  readonly pollSeconds: number;
}

/**
 * The floor: the calls without which no node is drained, and nothing else. It is made ineligible, its drain
 * begins, and it is looked at until Nomad drains it no more and every allocation on it has stopped.
 * @returns seconds.
 */
export async function drainFloor(
  { nomad }: Stage,
  nodeIds: readonly string[],
  { clients, inWork, pollSeconds }: FloorPace,
): Promise<number> {
  const transports = Array.from({ length: clients }, () =>
    createNodeTransport({ ...nomad, requestTimeoutSeconds: 30, maxSockets: 5 }),
  );
  const headers = { "x-nomad-token": nomad.token, "content-type": "application/json" };
  const left = [...nodeIds];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: Math.min(inWork, nodeIds.length) }, async (_, index) => {
      const transport = transports[index % clients];
      const call = async (path: string, sent?: unknown): Promise<unknown> => {
        const method = sent ? "POST" : "GET";
        const body = sent ? { body: JSON.stringify(sent) } : {};
        const answer = await transport?.send({ method, path, headers, ...body });
        if (answer?.status !== 200) throw new Error(`${path}: ${answer?.status} ${answer?.body}`);
        return JSON.parse(answer.body);
      };
      for (let id = left.pop(); id; id = left.pop()) {
        await call(`/v1/node/${id}/eligibility`, { Eligibility: "ineligible" });
        const DrainSpec = { Deadline: DRAIN_SECONDS * NANOSECONDS, IgnoreSystemJobs: false };
        await call(`/v1/node/${id}/drain`, { DrainSpec, MarkEligible: false });
        while (!(await isEmpty(id, call))) await pause(pollSeconds * 1_000);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  for (const transport of transports) transport.close();
  return seconds;
}

async function isEmpty(id: string, get: (path: string) => Promise<unknown>): Promise<boolean> {
  const node = (await get(`/v1/node/${id}`)) as { DrainStrategy?: unknown };
  if (node.DrainStrategy) return false;
  const allocations = (await get(`/v1/node/${id}/allocations`)) as { ClientStatus: string }[];
  return allocations.every(({ ClientStatus }) => STOPPED.has(ClientStatus));
}
