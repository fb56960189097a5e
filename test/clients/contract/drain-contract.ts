import { afterEach, describe, expect, test } from "vitest";
import { clientOf, runOn, tidyUp } from "./at-work.ts";
import { allocationsOf, type Cluster, operator } from "./cluster.ts";
import type { TestJob } from "./jobs.ts";

const request = (seconds: number, meta = {}, ignoreSystemJobs = false) => ({
  deadlineNanoseconds: seconds * 1e9,
  ignoreSystemJobs,
  meta,
});

export function drainContract(cluster: () => Cluster): void {
  describe("drains", () => {
    const jobs = new Set<string>();
    afterEach(async () => {
      await tidyUp(cluster(), [...jobs]);
      jobs.clear();
    }, 60_000);

    async function run(...list: TestJob[]) {
      for (const { id } of list) jobs.add(id);
      const [node] = cluster().nodes;
      await runOn(cluster(), node, list);
      const nomad = clientOf(cluster());
      const statusOf = async (id: string) =>
        (await allocationsOf(nomad, node, id)).at(-1)?.clientStatus;
      const isOver = async () => (await nomad.node(node.id))?.drain === null;
      return { node, nomad, statusOf, isOver };
    }

    test("say how long an allocation may take to stop", async () => {
      const job = { id: "contract-slow", killTimeoutSeconds: 9, shutdownDelaySeconds: 2 };
      const { nomad, node } = await run(job);
      const [allocation] = await allocationsOf(nomad, node, job.id);
      expect(allocation).toMatchObject({
        stopSeconds: 11,
        jobType: "service",
        namespace: "default",
      });
    });

    test("wait for service tasks, and are over while system tasks still stop", async () => {
      const { nomad, node, statusOf, isOver } = await run(
        { id: "contract-web", stopTakesSeconds: 2 },
        { id: "contract-agent", type: "system", stopTakesSeconds: 2 },
      );
      await nomad.drain(node.id, request(60, { drover: "a" }));
      expect(await nomad.node(node.id)).toMatchObject({
        eligible: false,
        drain: { deadlineNanoseconds: 60e9, ignoreSystemJobs: false },
        lastDrain: { status: "draining", meta: { drover: "a" } },
      });
      await cluster().until(isOver, 30);
      expect(await statusOf("contract-web")).toBe("complete");
      expect(await statusOf("contract-agent")).toBe("running");
      expect(await nomad.node(node.id)).toMatchObject({
        eligible: false,
        lastDrain: { status: "complete", meta: { drover: "a" } },
      });
      await cluster().until(async () => (await statusOf("contract-agent")) === "complete", 20);
    }, 90_000);

    test("are called complete at their deadline while tasks still run", async () => {
      const { nomad, node, statusOf, isOver } = await run({
        id: "contract-stubborn",
        type: "batch",
        stopTakesSeconds: 6,
        killTimeoutSeconds: 10,
      });
      await nomad.drain(node.id, request(2));
      await cluster().until(isOver, 15);
      expect((await nomad.node(node.id))?.lastDrain?.status).toBe("complete");
      expect(await statusOf("contract-stubborn")).toBe("running");
      await cluster().until(async () => (await statusOf("contract-stubborn")) === "complete", 20);
    }, 90_000);

    test("leave system tasks alone when told to", async () => {
      const { nomad, node, statusOf, isOver } = await run({ id: "contract-kept", type: "system" });
      await nomad.drain(node.id, request(60, {}, true));
      await cluster().until(isOver, 15);
      expect(await allocationsOf(nomad, node, "contract-kept")).toMatchObject([
        { clientStatus: "running", desiredStatus: "run" },
      ]);
      expect(await statusOf("contract-kept")).toBe("running");
    }, 90_000);

    test("below zero stop everything at once", async () => {
      const { nomad, node, statusOf, isOver } = await run({ id: "contract-forced", type: "batch" });
      await nomad.drain(node.id, request(-1e-9));
      await cluster().until(isOver, 15);
      await cluster().until(async () => (await statusOf("contract-forced")) === "complete", 15);
    }, 90_000);

    test("get a later deadline from a second request, and keep their start", async () => {
      const { nomad, node } = await run({ id: "contract-batch", type: "batch" });
      await nomad.drain(node.id, request(600));
      const before = (await nomad.node(node.id))?.drain;
      let looks = 0;
      await cluster().until(async () => looks++ > 3, 5);
      await nomad.drain(node.id, request(600));
      const after = (await nomad.node(node.id))?.drain;
      expect(after?.startedAt).toEqual(before?.startedAt);
      expect(after?.forceAt?.getTime()).toBeGreaterThan(before?.forceAt?.getTime() ?? 0);
    }, 90_000);

    test("refuse eligibility while they run, and a misspelt request cancels them", async () => {
      const { nomad, node } = await run({ id: "contract-misspelt", type: "batch" });
      await nomad.drain(node.id, request(600, { drover: "b" }));
      await expect(nomad.setEligibility(node.id, true)).rejects.toMatchObject({ kind: "invalid" });
      const misspelt = { DrainSpecs: { Deadline: 600e9 } };
      await operator(cluster(), "POST", `/v1/node/${node.id}/drain`, misspelt);
      expect(await nomad.node(node.id)).toMatchObject({
        eligible: false,
        drain: null,
        lastDrain: { status: "canceled", meta: { drover: "b" } },
      });
    }, 90_000);

    test("are never over before their deadline by the end of a sysbatch task alone", async () => {
      const job = { id: "contract-sysbatch", type: "sysbatch" } as const;
      const { nomad, node, statusOf, isOver } = await run(job);
      await nomad.drain(node.id, request(8));
      await operator(cluster(), "DELETE", `/v1/job/${job.id}`);
      await cluster().until(async () => (await statusOf(job.id)) === "complete", 7);
      expect(await isOver()).toBe(false);
      await cluster().until(isOver, 15);
    }, 90_000);

    test("wait until a service's replacement is healthy before the next one goes", async () => {
      const { nomad, node } = await run({ id: "contract-paced", count: 2 });
      const running = async () => {
        const all = await allocationsOf(nomad, node, "contract-paced");
        return all.filter(({ clientStatus }) => clientStatus === "running").length;
      };
      await cluster().until(async () => (await running()) === 2, 20);
      // The group counts only allocations whose health is known.
      let looks = 0;
      await cluster().until(async () => looks++ > 12, 10);
      await nomad.drain(node.id, request(120));
      const seen = new Set<number>();
      await cluster().until(async () => {
        seen.add(await running());
        return (await running()) === 0;
      }, 60);
      expect([...seen]).toContain(1);
    }, 120_000);
  });
}
