import { afterEach, describe, expect, test } from "vitest";
import { openApi } from "../../../lambdas/clients/http/api-client.ts";
import { createNomadSurvey } from "../../../lambdas/clients/nomad/create-nomad-survey.ts";
import { nodePages } from "../../../lambdas/clients/nomad/node-pages.ts";
import { NodeStub } from "../../../lambdas/clients/nomad/node-stub.ts";
import { NOMAD } from "../../../lambdas/clients/nomad/nomad-api.ts";
import { InstanceId } from "../../../lambdas/contracts/ids.ts";
import { clientOf, runOn, tidyUp } from "./at-work.ts";
import { type Cluster, operator } from "./cluster.ts";

const NOBODYS_INSTANCE = InstanceId.parse("i-00000000000abcfff");
const JOB = "contract-survey";
const ILL = "contract-ill";
const FORCED = { deadlineNanoseconds: -1, ignoreSystemJobs: false, meta: { drover: "s" } };

function options({ address, managementToken }: Cluster) {
  return { address, token: async () => managementToken, retry: { retries: 0 } };
}

/** What is read of many nodes at once. */
export function surveyContract(cluster: () => Cluster): void {
  describe("lists", () => {
    const closers: (() => void)[] = [];
    afterEach(async () => {
      for (const close of closers.splice(0)) close();
      await tidyUp(cluster(), []);
    }, 60_000);

    const ids = () =>
      cluster()
        .nodes.map(({ id }) => id)
        .sort();

    async function pooled(zone?: string) {
      const all = await clientOf(cluster()).pool("default", zone);
      const [first] = cluster().nodes;
      return { ids: all.map(({ id }) => id), first: all.find(({ id }) => id === first.id) };
    }

    test("of a pool have its nodes and no others; of a zone too", async () => {
      const [a, b] = cluster().nodes;
      expect((await pooled()).ids).toEqual(ids());
      expect((await pooled(a.zone)).ids).toEqual([a.id]);
      expect((await pooled(b.zone)).ids).toEqual([b.id]);
      expect((await pooled("eu-central-1z")).ids).toEqual([]);
      expect(await clientOf(cluster()).pool("contract-nobody's")).toEqual([]);
    });

    test("call a node drained when its drain is complete, until it takes work again", async () => {
      const nomad = clientOf(cluster());
      const [{ id }] = cluster().nodes;
      expect((await pooled()).first).toMatchObject({ eligible: true, drained: false });
      await nomad.setEligibility(id, false);
      expect((await pooled()).first).toMatchObject({ eligible: false, drained: false });
      await nomad.drain(id, FORCED);
      await cluster().until(async () => (await pooled()).first?.draining === false, 15);
      expect((await pooled()).first).toMatchObject({ eligible: false, drained: true });
      await nomad.setEligibility(id, true);
      expect((await pooled()).first).toMatchObject({ eligible: true, drained: false });
    }, 60_000);

    test("come in pages, sorted by id, each node once", async () => {
      const { http, close } = openApi(NOMAD, options(cluster()), {});
      closers.push(close);
      const pages: string[][] = [];
      for await (const page of nodePages(http, NodeStub, { perPage: 1 })) {
        pages.push(page.map(({ id }) => id));
      }
      expect(pages).toEqual(ids().map((id) => [id]));
    });

    test("for the sweep tell each node, its place and its last drain, and who is on an instance", async () => {
      const survey = createNomadSurvey(options(cluster()));
      closers.push(survey.close);
      const [a] = cluster().nodes;
      await clientOf(cluster()).drain(a.id, FORCED);
      await cluster().until(async () => (await pooled()).first?.draining === false, 15);
      const nodes = await survey.nodes();
      expect(nodes.map(({ id }) => id)).toEqual(ids());
      expect(nodes.find(({ id }) => id === a.id)).toMatchObject({
        status: "ready",
        nodePool: "default",
        address: expect.stringMatching(/^[\d.]+$/),
        lastDrain: { status: "complete", meta: { drover: "s" } },
      });
      const place = { instanceId: a.instanceId, zone: a.zone };
      expect(await survey.place(a.id)).toEqual({ ...place, isOnlyDrained: true });
      await clientOf(cluster()).setEligibility(a.id, true);
      await clientOf(cluster()).setEligibility(a.id, false);
      expect(await survey.place(a.id)).toEqual({ ...place, isOnlyDrained: false });
      expect(await survey.hasNodeOn(InstanceId.parse(a.instanceId), [])).toBe(true);
      expect(await survey.hasNodeOn(NOBODYS_INSTANCE, [])).toBe(false);
    }, 60_000);
  });

  test("a node's time moves with its eligibility and its drain, not with its status alone", async () => {
    const nomad = clientOf(cluster());
    const [{ id }] = cluster().nodes;
    const since = async () => (await nomad.node(id))?.statusSince.getTime() ?? Number.NaN;
    const pause = async () => {
      let looks = 0;
      await cluster().until(async () => looks++ > 8, 5);
    };
    const first = await since();
    await pause();
    await nomad.setEligibility(id, false);
    const second = await since();
    expect(second).toBeGreaterThan(first);
    await pause();
    await nomad.drain(id, FORCED);
    expect(await since()).toBeGreaterThan(second);
    await tidyUp(cluster(), []);
  }, 60_000);

  describe("a service", () => {
    afterEach(() => tidyUp(cluster(), [JOB, ILL]), 60_000);
    const named = { id: JOB, namespace: "default" };

    test("has those allocations that run, until they are told to stop", async () => {
      const nomad = clientOf(cluster(), await cluster().createToken("drover"));
      const [node] = cluster().nodes;
      expect(await nomad.serviceAllocations(named)).toEqual([]);
      await runOn(cluster(), node, [{ id: JOB, count: 2, stopTakesSeconds: 3 }]);
      const one = { nodeId: node.id, group: "g", healthy: true };
      await cluster().until(async () => (await nomad.serviceAllocations(named)).length === 2, 20);
      expect(await nomad.serviceAllocations(named)).toEqual([one, one]);
      await operator(cluster(), "DELETE", `/v1/job/${JOB}`);
      await cluster().until(async () => (await nomad.serviceAllocations(named)).length === 0, 2.5);
    }, 60_000);

    test("is unhealthy when its deployment says so, and not a moment before", async () => {
      const nomad = clientOf(cluster());
      const [node] = cluster().nodes;
      await runOn(cluster(), node, [{ id: ILL, neverHealthy: true }]);
      const health = async () =>
        (await nomad.serviceAllocations({ ...named, id: ILL })).map(({ healthy }) => healthy);
      expect(await health()).toEqual([true]);
      await cluster().until(async () => (await health())[0] === false, 15);
    }, 60_000);

    test("is not shown to a token without read-job in its namespace: denied, not empty", async () => {
      const nomad = clientOf(cluster(), await cluster().createToken("nowhere"));
      await expect(nomad.serviceAllocations(named)).rejects.toMatchObject({ kind: "denied" });
    });
  });

  describe("the servers", () => {
    test("are well, with one that leads, to a token as the docs say", async () => {
      const nomad = clientOf(cluster(), await cluster().createToken("drover"));
      const servers = await nomad.servers();
      expect(servers.filter(({ leader }) => leader)).toHaveLength(1);
      for (const server of servers) {
        expect(server).toMatchObject({
          name: expect.stringContaining("."),
          address: expect.stringMatching(/^[\d.]+:\d+$/),
          healthy: true,
          voter: true,
        });
        expect(server.term).toBeGreaterThan(1);
      }
    });

    test("are not shown to a token without operator:read", async () => {
      const nomad = clientOf(cluster(), await cluster().createToken("everywhere"));
      await expect(nomad.servers()).rejects.toMatchObject({
        kind: "denied",
        message: expect.stringContaining('operator { policy = "read" }'),
      });
    });
  });
}
