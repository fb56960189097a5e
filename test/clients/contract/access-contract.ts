import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientOf, runOn, tidyUp } from "./at-work.ts";
import { allocationsOf, type Cluster } from "./cluster.ts";

const JOB = "contract-access";

export function accessContract(cluster: () => Cluster): void {
  describe("tokens", () => {
    beforeAll(() => runOn(cluster(), cluster().nodes[0], [{ id: JOB }]), 60_000);
    afterAll(() => tidyUp(cluster(), [JOB]), 60_000);

    test.each([
      ["none", ""],
      ["an unknown one", "11111111-1111-1111-1111-111111111111"],
    ])("%s: every call is denied", async (_, token) => {
      const nomad = clientOf(cluster(), token);
      const [a] = cluster().nodes;
      const denied = { name: "PortError", system: "nomad", kind: "denied" };
      await expect(nomad.node(a.id)).rejects.toMatchObject(denied);
      await expect(nomad.setEligibility(a.id, false)).rejects.toMatchObject(denied);
      await expect(nomad.allocations(a.id)).rejects.toMatchObject(denied);
      expect(await nomad.seesAllNamespaces()).toBe(false);
    });

    test("with read-job on * sees all namespaces", async () => {
      const nomad = clientOf(cluster(), await cluster().createToken("everywhere"));
      expect(await nomad.seesAllNamespaces()).toBe(true);
      expect(await allocationsOf(nomad, cluster().nodes[0], JOB)).toHaveLength(1);
    });

    test("of management sees all namespaces", async () => {
      expect(await clientOf(cluster()).seesAllNamespaces()).toBe(true);
    });

    test("with read-job in one namespace does not see all", async () => {
      const nomad = clientOf(cluster(), await cluster().createToken("default-only"));
      expect(await nomad.seesAllNamespaces()).toBe(false);
    });

    test("without read-job gets allocation lists that are empty without a word", async () => {
      const nomad = clientOf(cluster(), await cluster().createToken("nowhere"));
      expect(await nomad.seesAllNamespaces()).toBe(false);
      expect(await allocationsOf(nomad, cluster().nodes[0], JOB)).toEqual([]);
    });
  });
}
