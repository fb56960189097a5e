import { afterEach, describe, expect, test } from "vitest";
import { clientOf, tidyUp } from "./at-work.ts";
import { allocationsOf, type Cluster, operator } from "./cluster.ts";
import { jobBody, type TestJob } from "./jobs.ts";

const named = (id: string) => ({ id, namespace: "default" });

export function smokeContract(cluster: () => Cluster): void {
  describe("smoke runs", () => {
    const jobs = new Set<string>();
    afterEach(async () => {
      await tidyUp(cluster(), [...jobs]);
      jobs.clear();
    }, 60_000);

    async function register(job: TestJob) {
      jobs.add(job.id);
      await operator(cluster(), "POST", "/v1/jobs", jobBody(job));
    }

    /** The tests are about the second node; the job is registered while only the first takes work. */
    async function setUp(job: TestJob) {
      const nomad = clientOf(cluster(), await cluster().createToken("submitting"));
      const [other, node] = cluster().nodes;
      await nomad.setEligibility(node.id, false);
      await register(job);
      const statuses = async (run = job.id, at = node) =>
        (await allocationsOf(nomad, at, run)).map(({ clientStatus }) => clientStatus);
      const start = async () => {
        const run = (await nomad.smokeRun(named(job.id), node.id)) ?? "none";
        jobs.add(run);
        return run;
      };
      return { nomad, node, other, statuses, start };
    }

    async function pass(looks: number) {
      let left = looks;
      await cluster().until(async () => left-- <= 0, looks);
    }

    test.each([
      ["parameterised", { parameterized: true, type: "batch" }],
      ["sysbatch", { type: "sysbatch" }],
    ] as const)(
      "of a %s job wait for the node to be eligible and run there alone",
      async (_, kind) => {
        const job = { id: `contract-smoke-${kind.type}`, runsSeconds: 0.5, ...kind };
        const { nomad, node, other, statuses, start } = await setUp(job);
        const run = await start();
        expect(run).not.toBe(job.id);
        await pass(8);
        expect(await statuses(run)).toEqual([]);
        await nomad.setEligibility(node.id, true);
        await cluster().until(async () => (await statuses(run))[0] === "complete", 20);
        expect(await start()).toBe(run);
        await pass(8);
        expect(await statuses(run)).toEqual(["complete"]);
        expect(await statuses(run, other)).toEqual([]);
        await nomad.endSmokeRun(named(job.id), run);
        await cluster().until(async () => (await statuses(run)).length === 0, 10);
        await nomad.endSmokeRun(named(job.id), run);
      },
      90_000,
    );

    test("that fail have failed for good", async () => {
      const job = { id: "contract-smoke-bad", parameterized: true, type: "batch" } as const;
      const { nomad, node, statuses, start } = await setUp({
        ...job,
        runsSeconds: 0.2,
        fails: true,
      });
      const run = await start();
      await nomad.setEligibility(node.id, true);
      await cluster().until(async () => (await statuses(run))[0] === "failed", 20);
      await pass(32);
      expect(await statuses(run)).toEqual(["failed"]);
    }, 90_000);

    test("are stopped by their end", async () => {
      const job = { id: "contract-smoke-long", parameterized: true, type: "batch" } as const;
      const { nomad, node, statuses, start } = await setUp(job);
      await nomad.setEligibility(node.id, true);
      const run = await start();
      await cluster().until(async () => (await statuses(run))[0] === "running", 20);
      await nomad.endSmokeRun(named(job.id), run);
      await cluster().until(async () => (await statuses(run)).every((s) => s === "complete"), 20);
    }, 90_000);

    test("need submit-job in the job's namespace, and nothing else of jobs", async () => {
      const job = { id: "contract-smoke-denied", parameterized: true, type: "batch" } as const;
      const { node } = await setUp(job);
      const nomad = clientOf(cluster(), await cluster().createToken("everywhere"));
      const asked = nomad.smokeRun(named(job.id), node.id);
      await expect(asked).rejects.toMatchObject({
        kind: "denied",
        message: expect.stringContaining("submit-job"),
      });
    }, 90_000);

    test("of no job, of a stopped one and of a service there are none", async () => {
      const stopped = { id: "contract-smoke-stopped", parameterized: true, type: "batch" } as const;
      const { nomad, node } = await setUp(stopped);
      await operator(cluster(), "DELETE", `/v1/job/${stopped.id}`);
      await register({ id: "contract-smoke-service" });
      for (const id of ["contract-smoke-unknown", stopped.id, "contract-smoke-service"]) {
        expect(await nomad.smokeRun(named(id), node.id)).toBeUndefined();
      }
    }, 90_000);

    test("are needed, since a sysbatch job does not come to a newer node by itself", async () => {
      const job = { id: "contract-sysbatch-stays", type: "sysbatch", runsSeconds: 0.2 } as const;
      const { nomad, node, other, statuses } = await setUp(job);
      await cluster().until(async () => (await statuses(job.id, other))[0] === "complete", 20);
      await nomad.setEligibility(node.id, true);
      await pass(20);
      expect(await statuses()).toEqual([]);
    }, 90_000);
  });
}
