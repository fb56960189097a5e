import DataLoader from "dataloader";
import * as z from "zod";
import { type NodeId, NomadNodeId } from "../../contracts/ids.ts";
import type { NomadNode } from "../../domain/ports/nomad.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { type NodeQuery, nodeFilter, partition } from "./node-filter.ts";
import { allNodes } from "./node-pages.ts";
import { rankNodes } from "./rank-nodes.ts";

/** Instances in one list call. */
const BATCH = 50;
const PER_PAGE = 100;

/** Of the stubs only the id is of use: they lack the instance id. */
const Stub = z.object({ ID: NomadNodeId });

type FindNodes = (instanceId: NodeId, hostNames: readonly string[]) => Promise<NomadNode[]>;
type ReadNode = (id: NomadNodeId) => Promise<NomadNode | undefined>;

/**
 * Finds nodes by instance. Calls made in one turn of the event loop share one list call: for each
 * list the server looks at every node it has, which is far dearer than reading a node.
 */
export function createFindNodes(http: ApiHttp, readNode: ReadNode): FindNodes {
  const loader = new DataLoader<NodeQuery, NomadNode[]>((queries) => findAll(queries), {
    cache: false,
    maxBatchSize: BATCH,
    batchScheduleFn: (run) => void setImmediate(run),
  });

  async function findAll(queries: readonly NodeQuery[]): Promise<(NomadNode[] | Error)[]> {
    const parts = await Promise.all(partition(queries).map(findPart));
    return parts.flat();
  }

  /** What goes wrong here concerns this part's queries and no others. */
  async function findPart(queries: readonly NodeQuery[]): Promise<(NomadNode[] | Error)[]> {
    try {
      const ids = await listIds(nodeFilter(queries));
      const nodes = await Promise.all(ids.map(readNode));
      const known = nodes.filter((node) => node !== undefined);
      return queries.map((query) => rankNodes(query, known));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return queries.map(() => error);
    }
  }

  async function listIds(filter: string): Promise<NomadNodeId[]> {
    const stubs = await allNodes(http, Stub, { filter, perPage: PER_PAGE });
    return stubs.map((stub) => stub.ID);
  }

  return (instanceId, hostNames) => loader.load({ instanceId, hostNames });
}
