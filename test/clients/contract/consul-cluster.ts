import { createConsul } from "../../../lambdas/clients/consul/create-consul.ts";
import type { Consul } from "../../../lambdas/domain/ports/consul.ts";

/**
 * What a token may do: all that Drover needs, nothing, read what it should write, or read nodes whose name
 * begins with `survey-`; or what docs/policies/consul-rotate.hcl says.
 */
export type ConsulTokenKind = "drover" | "nothing" | "reader" | "some-nodes" | "rotate";

export interface ContractAgent {
  readonly name: string;
  readonly token?: string;
  readonly meta?: Readonly<Record<string, string>>;
  /** @default the first one */
  readonly gossipKey?: string;
}

/** The gossip key of the clusters' agents, at first. */
export const FIRST_GOSSIP_KEY = Buffer.alloc(32, "first gossip key").toString("base64");

/** A Consul, real or not, that nobody else uses. */
export interface ConsulCluster {
  readonly address: string;
  readonly managementToken: string;
  createToken(kind: ConsulTokenKind): Promise<string>;
  /**
   * A token with all that a token may have: a policy that reads agents, a role whose policy reads nodes, and
   * an identity of a service and of a node. @returns its secret.
   */
  createRotated(): Promise<string>;
  startAgent(agent: ContractAgent): Promise<void>;
  /** Where a client agent's own API is. */
  agentAddress(name: string): Promise<string>;
  /** As when its machine dies. */
  killAgent(name: string): Promise<void>;
  /** Started again, or reachable again, as it was. */
  resumeAgent(name: string): Promise<void>;
  /** Looks every quarter of a second, of real or of virtual time, until it is so. */
  until(isSo: () => Promise<boolean>, limitSeconds: number): Promise<void>;
  stop(): Promise<void>;
}

const clients = new Map<string, Consul>();

/** Drover's client for the cluster: one a token, since Consul takes 200 connections of a caller. */
export function consulOf(
  { address, managementToken }: Pick<ConsulCluster, "address" | "managementToken">,
  token = managementToken,
): Consul {
  const key = `${address} ${token}`;
  const client = clients.get(key) ?? newConsulOf({ address, managementToken: token });
  clients.set(key, client);
  return client;
}

/** One that remembers nothing of what it has been told. */
export function newConsulOf({
  address,
  managementToken: token,
}: Pick<ConsulCluster, "address" | "managementToken">): Consul {
  return createConsul({ address, token: async () => token || undefined, retry: { retries: 0 } });
}

/** A raw call as an operator would make it. @throws when the answer is no 2xx. */
export async function consulOperator(
  cluster: Pick<ConsulCluster, "address" | "managementToken">,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await fetch(cluster.address + path, {
    method,
    headers: { "X-Consul-Token": cluster.managementToken },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** The status of Serf's check of a node; undefined when it has none. */
export async function serfHealth(cluster: ConsulCluster, name: string) {
  const checks = await consulOf(cluster).checks(name);
  return checks.find(({ id }) => id === "serfHealth")?.status;
}
