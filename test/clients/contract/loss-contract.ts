import { afterEach, describe, expect, test } from "vitest";
import { clientOf, runOn, tidyUp } from "./at-work.ts";
import { allocationsOf, type Cluster, type ContractNode } from "./cluster.ts";

const STOPPING = "contract-stopping";
const JOB = "contract-lost";
const NOT_TESTED = "\n*** NOT TESTED: killing a client of a Nomad that was not started here\n";
const request = { deadlineNanoseconds: 60e9, ignoreSystemJobs: false, meta: {} };

/** The last of the suite: the clients do not come back. */
export function lossContract(cluster: () => Cluster): void {
  describe("lost nodes", () => {
    const jobs = new Set<string>();
    afterEach(async () => {
      await tidyUp(cluster(), [...jobs]);
      jobs.clear();
    }, 60_000);

    const statusesOf = async (node: ContractNode, id: string) =>
      (await allocationsOf(clientOf(cluster()), node, id)).map(
        ({ clientStatus, desiredStatus }) => `${desiredStatus} ${clientStatus}`,
      );
    const isDown = async (node: ContractNode) =>
      (await clientOf(cluster()).node(node.id))?.status === "down";
    const isDrained = async (node: ContractNode) =>
      (await clientOf(cluster()).node(node.id))?.lastDrain?.status === "complete";

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

    test("a client killed while its task stops: lost, and only then replaced elsewhere", async () => {
      const { killClient } = cluster();
      if (!killClient) return console.warn(NOT_TESTED);
      const nomad = clientOf(cluster());
      const [other, node] = cluster().nodes;
      await nomad.setEligibility(other.id, true);
      jobs.add(STOPPING);
      const job = { id: STOPPING, stopTakesSeconds: 29, killTimeoutSeconds: 30 };
      await runOn(cluster(), node, [job]);
      await nomad.drain(node.id, request);
      await cluster().until(async () => (await statusesOf(other, STOPPING)).length > 0, 10);
      await killClient(1);
      expect(await statusesOf(node, STOPPING)).toEqual(["stop running"]);
      expect(await statusesOf(other, STOPPING)).toEqual(["run pending"]);
      await cluster().until(async () => {
        // It waits for the end of the one before.
        const [waiting] = await statusesOf(other, STOPPING);
        if (!(await isDown(node))) expect(waiting).toBe("run pending");
        return await isDown(node);
      }, 60);
      await cluster().until(async () => (await statusesOf(node, STOPPING))[0] === "stop lost", 10);
      await cluster().until(
        async () => (await statusesOf(other, STOPPING))[0] === "run running",
        10,
      );
      await cluster().until(() => isDrained(node), 10);
      expect(await nomad.purge(node.id)).toBe("done");
    }, 150_000);

    test("a killed client: down, its allocations lost, drained at once, purged", async () => {
      const { killClient } = cluster();
      if (!killClient) return console.warn(NOT_TESTED);
      const nomad = clientOf(cluster());
      const [node] = cluster().nodes;
      await nomad.setEligibility(node.id, true);
      jobs.add(JOB);
      await runOn(cluster(), node, [{ id: JOB }]);
      await killClient(0);
      await cluster().until(() => isDown(node), 60);
      const down = await nomad.node(node.id);
      expect(down).toMatchObject({ eligible: true });
      await cluster().until(async () => (await statusesOf(node, JOB))[0] === "stop lost", 10);
      // Nobody registers it again, so its time is that of its going down.
      expect((await nomad.node(node.id))?.statusSince).toEqual(down?.statusSince);
      await nomad.drain(node.id, request);
      await cluster().until(() => isDrained(node), 2);
      expect(await nomad.purge(node.id)).toBe("done");
      expect(await nomad.node(node.id)).toBeUndefined();
      expect(await statusesOf(node, JOB)).toEqual(["stop lost"]);
    }, 150_000);
  });
}
