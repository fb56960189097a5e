import { describe, expect, test } from "vitest";
import { InstanceId, NomadNodeId } from "../../../lambdas/contracts/ids.ts";
import { clientOf } from "./at-work.ts";
import type { Cluster } from "./cluster.ts";

const NOBODY = NomadNodeId.parse("00000000-0000-0000-0000-000000000000");

export function nodeContract(cluster: () => Cluster): void {
  describe("nodes", () => {
    test("are found by their EC2 instance id, several at once, each its own", async () => {
      const nomad = clientOf(cluster());
      const [a, b] = cluster().nodes;
      const found = await Promise.all([
        nomad.findNodes(InstanceId.parse(a.instanceId), []),
        nomad.findNodes(InstanceId.parse(b.instanceId), [
          "ip-10-0-0-9.eu-central-1.compute.internal",
        ]),
        nomad.findNodes(InstanceId.parse("i-00000000000abcfff"), []),
      ]);
      expect(found.map((nodes) => nodes.map(({ id }) => id))).toEqual([[a.id], [b.id], []]);
    });

    test("of another instance are not found by their name", async () => {
      const nomad = clientOf(cluster());
      const [a] = cluster().nodes;
      const name = (await nomad.node(a.id))?.name ?? "";
      expect(await nomad.findNodes(InstanceId.parse("i-00000000000abcfff"), [name])).toEqual([]);
    });

    test("say who and how they are", async () => {
      const [a] = cluster().nodes;
      expect(await clientOf(cluster()).node(a.id)).toMatchObject({
        id: a.id,
        status: "ready",
        eligible: true,
        drain: null,
        instanceId: a.instanceId,
        nodePool: "default",
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
    });

    test("that Nomad does not know are undefined to every call, and have no allocations", async () => {
      const nomad = clientOf(cluster());
      const request = { deadlineNanoseconds: 6e10, ignoreSystemJobs: false, meta: {} };
      expect(await nomad.node(NOBODY)).toBeUndefined();
      expect(await nomad.setEligibility(NOBODY, false)).toBeUndefined();
      expect(await nomad.drain(NOBODY, request)).toBeUndefined();
      expect(await nomad.purge(NOBODY)).toBeUndefined();
      expect(await nomad.allocations(NOBODY)).toEqual([]);
    });

    test("become ineligible, twice as well as once, and eligible again", async () => {
      const nomad = clientOf(cluster());
      const [a] = cluster().nodes;
      expect(await nomad.setEligibility(a.id, false)).toBe("done");
      expect(await nomad.setEligibility(a.id, false)).toBe("done");
      expect(await nomad.node(a.id)).toMatchObject({ eligible: false });
      await nomad.setEligibility(a.id, true);
      expect(await nomad.node(a.id)).toMatchObject({ eligible: true });
    });
  });
}
