import { describe, expect, test } from "vitest";
import { clientOf, runOn, tidyUp } from "./at-work.ts";
import { allocationsOf, type Cluster } from "./cluster.ts";

const JOB = "contract-lost";

/** The last of the suite: one client does not come back. */
export function lossContract(cluster: () => Cluster): void {
  describe("lost nodes", () => {
    test("a purged node whose client lives registers again, without its drain", async () => {
      const nomad = clientOf(cluster());
      const [node] = cluster().nodes;
      const before = (await nomad.node(node.id))?.createIndex ?? 0;
      expect(await nomad.purge(node.id)).toBe("done");
      // It can be back before the next call: the purge itself shows in the higher index only.
      await cluster().until(async () => {
        const again = await nomad.node(node.id);
        return again?.status === "ready" && again.createIndex > before;
      }, 40);
      // Whether it is eligible goes by what the client heard at its last heartbeat.
      expect(await nomad.node(node.id)).toMatchObject({ drain: null, lastDrain: null });
    }, 90_000);

    test("a killed client: down, its allocations lost, drained at once, purged", async () => {
      const { killClient } = cluster();
      if (!killClient) {
        console.warn("\n*** NOT TESTED: killing a client of a Nomad that was not started here\n");
        return;
      }
      const nomad = clientOf(cluster());
      const [, node] = cluster().nodes;
      await runOn(cluster(), node, [{ id: JOB }]);
      await killClient(1);
      await cluster().until(async () => (await nomad.node(node.id))?.status === "down", 60);
      expect(await nomad.node(node.id)).toMatchObject({ eligible: true });
      await cluster().until(async () => {
        const [allocation] = await allocationsOf(nomad, node, JOB);
        return allocation?.clientStatus === "lost" && allocation.desiredStatus === "stop";
      }, 10);
      const request = { deadlineNanoseconds: 60e9, ignoreSystemJobs: false, meta: {} };
      await nomad.drain(node.id, request);
      await cluster().until(
        async () => (await nomad.node(node.id))?.lastDrain?.status === "complete",
        2,
      );
      expect(await nomad.purge(node.id)).toBe("done");
      expect(await nomad.node(node.id)).toBeUndefined();
      expect(await allocationsOf(nomad, node, JOB)).toMatchObject([{ clientStatus: "lost" }]);
      await tidyUp(cluster(), [JOB]);
    }, 150_000);
  });
}
