import { createNomad } from "../../../lambdas/clients/nomad/create-nomad.ts";
import type { Nomad } from "../../../lambdas/domain/ports/nomad.ts";
import { allocationsOf, type Cluster, type ContractNode, operator } from "./cluster.ts";
import { jobBody, type TestJob } from "./jobs.ts";

const clients = new Map<string, Nomad>();

/** Drover's client for the cluster: one a token, since Nomad takes 100 connections of a caller. */
export function clientOf(
  { address, managementToken }: Pick<Cluster, "address" | "managementToken">,
  token = managementToken,
): Nomad {
  const key = `${address} ${token}`;
  const client =
    clients.get(key) ??
    createNomad({ address, token: async () => token || undefined, retry: { retries: 0 } });
  clients.set(key, client);
  return client;
}

/** Registers jobs while only the one node takes work, and waits until all their tasks run there. */
export async function runOn(
  cluster: Cluster,
  node: ContractNode,
  jobs: readonly TestJob[],
): Promise<void> {
  const nomad = clientOf(cluster);
  const others = cluster.nodes.filter((other) => other.id !== node.id);
  for (const other of others) await nomad.setEligibility(other.id, false);
  for (const job of jobs) await operator(cluster, "POST", "/v1/jobs", jobBody(job));
  for (const { id } of jobs) {
    await cluster.until(async () => {
      const [allocation] = await allocationsOf(nomad, node, id);
      return allocation?.clientStatus === "running";
    }, 30);
  }
  for (const other of others) await nomad.setEligibility(other.id, true);
}

/** Ends the jobs and lets both nodes take work again. */
export async function tidyUp(cluster: Cluster, jobIds: readonly string[]): Promise<void> {
  const nomad = clientOf(cluster);
  for (const id of jobIds) await operator(cluster, "DELETE", `/v1/job/${id}`);
  for (const node of cluster.nodes) {
    if (!(await nomad.node(node.id))) continue;
    await operator(cluster, "POST", `/v1/node/${node.id}/drain`, { MarkEligible: true });
    await cluster.until(async () => {
      const all = await nomad.allocations(node.id);
      const mine = all.filter(({ jobId }) => jobIds.includes(jobId));
      return mine.every(({ clientStatus }) =>
        ["complete", "failed", "lost"].includes(clientStatus),
      );
    }, 40);
  }
}
