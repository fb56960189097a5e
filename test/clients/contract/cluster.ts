import type { NomadNodeId } from "../../../lambdas/contracts/ids.ts";
import type { Nomad } from "../../../lambdas/domain/ports/nomad.ts";

/**
 * What a token may do: what the docs tell operators to give Drover; or node writes and read-job everywhere,
 * nowhere, or in one namespace; or read-job everywhere with submit-job in one namespace; or look at nodes
 * and no more; or what docs/policies/nomad-rotate.hcl says; or write variables and read none.
 */
export type TokenKind =
  | "drover"
  | "everywhere"
  | "nowhere"
  | "default-only"
  | "submitting"
  | "looking"
  | "keys"
  | "writing-variables";

/** The gossip key of the clusters that are started here, at first. */
export const FIRST_GOSSIP_KEY = Buffer.alloc(32, "first gossip key").toString("base64");

export interface ContractNode {
  readonly id: NomadNodeId;
  readonly instanceId: string;
  /** Its availability zone: the two nodes' differ. */
  readonly zone: string;
}

/** A Nomad, real or not, with two clients or more that nobody else uses. */
export interface Cluster {
  readonly address: string;
  readonly managementToken: string;
  readonly nodes: readonly [ContractNode, ContractNode, ...ContractNode[]];
  createToken(kind: TokenKind): Promise<string>;
  /** A token with a policy that reads nodes, and a role. @returns its secret. */
  createRotated(): Promise<string>;
  /** Undefined when it is not known. */
  readonly gossipKey: string | undefined;
  /** Its time. */
  now(): Date;
  /** Looks every quarter of a second, of real or of virtual time, until it is so. */
  until(isSo: () => Promise<boolean>, limitSeconds: number): Promise<void>;
  /** Kills a client agent and its tasks; undefined when that can't be done here. */
  readonly killClient: ((index: number) => Promise<void>) | undefined;
  stop(): Promise<void>;
}

/** A raw call as an operator would make it. @throws when the answer is no 2xx. */
export async function operator(
  cluster: Pick<Cluster, "address" | "managementToken">,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await fetch(cluster.address + path, {
    method,
    headers: { "X-Nomad-Token": cluster.managementToken },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** The allocations of one job on a node. */
export async function allocationsOf(nomad: Nomad, node: ContractNode, jobId: string) {
  const all = await nomad.allocations(node.id);
  return all.filter((allocation) => allocation.jobId === jobId);
}
