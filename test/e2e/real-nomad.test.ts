import { afterAll, beforeAll, expect, it } from "vitest";
import type { Cluster } from "../clients/contract/cluster.ts";
import { operator } from "../clients/contract/cluster.ts";
import { jobBody } from "../clients/contract/jobs.ts";
import { startOwnCluster } from "../clients/contract/real-cluster.ts";
import { wholeHistory } from "./world/drover-cli.ts";
import { withRealNomad } from "./world/with-real-nomad.ts";
import { startWorld, type World } from "./world/world.ts";

const STOP_SECONDS = 8;

interface Allocation {
  readonly NodeID: string;
  readonly ClientStatus: string;
  readonly TaskStates: Record<string, { readonly FinishedAt: string }>;
}

withRealNomad("a real Nomad client", (bin) => {
  let nomad: Cluster;
  let world: World;
  const letGoAt = new Map<string, number>();

  beforeAll(async () => {
    nomad = await startOwnCluster(bin);
    const instances = nomad.nodes.map(({ instanceId }) => instanceId);
    const nomadToken = await nomad.createToken("drover");
    world = await startWorld({ instances, nomadToken, nomadAddress: nomad.address });
    world.cluster.aws.ec2.onStateChange(({ id, state }) => {
      if (state !== "shutting-down") return;
      letGoAt.set(id, Date.now());
      void nomad.killClient?.(instances.indexOf(id));
    });
  });

  afterAll(async () => {
    await world?.stop();
    await nomad?.stop();
  });

  it("is empty before its instance ends, and purged", async () => {
    const [leaving, staying] = nomad.nodes;
    const job = { id: "orders", type: "system" as const, stopTakesSeconds: STOP_SECONDS };
    await operator(nomad, "POST", "/v1/jobs", jobBody({ ...job, killTimeoutSeconds: 30 }));
    await expect
      .poll(running, { timeout: 30_000, interval: 250 })
      .toEqual([leaving.id, staying.id].sort());

    await world.terminate(leaving.instanceId);
    expect((await wholeHistory(leaving.instanceId)).at(-1)).toMatch(/^finished, drained/);

    const [stopped] = (await allocations()).filter(({ NodeID }) => NodeID === leaving.id);
    expect(stopped?.ClientStatus).toBe("complete");
    const finishedAt = Date.parse(stopped?.TaskStates.t?.FinishedAt ?? "");
    expect(finishedAt).toBeLessThan(letGoAt.get(leaving.instanceId) ?? Number.NaN);
    const nodes = (await operator(nomad, "GET", "/v1/nodes")) as { ID: string }[];
    expect(nodes).toMatchObject([
      { ID: staying.id, Status: "ready", SchedulingEligibility: "eligible" },
    ]);
    expect(await running()).toEqual([staying.id]);
  });

  async function allocations(): Promise<Allocation[]> {
    return (await operator(nomad, "GET", "/v1/job/orders/allocations")) as Allocation[];
  }

  /** The nodes on which a task runs. */
  async function running(): Promise<string[]> {
    const all = await allocations();
    return all.flatMap((each) => (each.ClientStatus === "running" ? [each.NodeID] : [])).sort();
  }
});
