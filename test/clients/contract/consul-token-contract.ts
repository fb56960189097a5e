import { describe, expect, test } from "vitest";
import { NodeId } from "../../../lambdas/contracts/ids.ts";
import { type ConsulCluster, consulOf, consulOperator } from "./consul-cluster.ts";

interface ListedToken {
  readonly Description: string;
  readonly NodeIdentities?: readonly { NodeName: string; Datacenter: string }[] | null;
}

export function consulTokenContract(cluster: () => ConsulCluster): void {
  describe("a node's token", () => {
    async function tokensFor(name: string): Promise<ListedToken[]> {
      const all = (await consulOperator(cluster(), "GET", "/v1/acl/tokens")) as ListedToken[];
      return all.filter((token) => token.NodeIdentities?.some(({ NodeName }) => NodeName === name));
    }

    test("is made once, with the node's identity, and then found", async () => {
      const id = NodeId.parse("i-0000000000070ce01");
      const secret = await consulOf(cluster()).issueNodeToken(id, "token-1");
      expect(await consulOf(cluster()).issueNodeToken(id, "token-1")).toBe(secret);
      const tokens = await tokensFor("token-1");
      expect(tokens).toHaveLength(1);
      expect(tokens[0]?.NodeIdentities).toEqual([{ NodeName: "token-1", Datacenter: "dc1" }]);
      expect(tokens[0]?.Description).toMatch(/Drover.*i-0000000000070ce01/);
    });

    test("made by two tries at once that are the same is one", async () => {
      const token = {
        AccessorID: "70ce0000-0000-5000-8000-000000000001",
        SecretID: "70ce0000-0000-4000-8000-000000000002",
        NodeIdentities: [{ NodeName: "token-twin", Datacenter: "dc1" }],
      };
      const make = () => consulOperator(cluster(), "PUT", "/v1/acl/token", token);
      const made = await Promise.allSettled([make(), make()]);
      expect(made.map(({ status }) => status)).toContain("fulfilled");
      expect(await tokensFor("token-twin")).toHaveLength(1);
    });

    test("writes that node and no other", async () => {
      const id = NodeId.parse("i-0000000000070ce02");
      const secret = await consulOf(cluster()).issueNodeToken(id, "token-2");
      const own = consulOf(cluster(), secret);
      await own.registerExternal({ name: "token-2", address: "10.0.0.2", meta: {}, services: [] });
      expect(await own.node("token-2")).toMatchObject({ address: "10.0.0.2" });
      await expect(own.deregister("token-1")).rejects.toMatchObject({ kind: "denied" });
      await own.deregister("token-2");
    });

    test("is revoked once, and no good from then on; one that is not there is undefined", async () => {
      const id = NodeId.parse("i-0000000000070ce03");
      const consul = consulOf(cluster());
      expect(await consul.revokeNodeToken(id)).toBeUndefined();
      const secret = await consul.issueNodeToken(id, "token-3");
      expect(await consul.revokeNodeToken(id)).toBe("done");
      expect(await consul.revokeNodeToken(id)).toBeUndefined();
      expect(await tokensFor("token-3")).toEqual([]);
      const own = consulOf(cluster(), secret);
      await expect(own.node("token-3")).rejects.toMatchObject({ kind: "denied" });
      expect(await consul.issueNodeToken(id, "token-3")).not.toBe(secret);
    });

    test("that was made for another name is not given out", async () => {
      const id = NodeId.parse("i-0000000000070ce04");
      await consulOf(cluster()).issueNodeToken(id, "token-4");
      await expect(consulOf(cluster()).issueNodeToken(id, "token-5")).rejects.toMatchObject({
        kind: "invalid",
      });
    });

    test("can't be had for a name that Consul does not take", async () => {
      const id = NodeId.parse("edge.example");
      const issue = consulOf(cluster()).issueNodeToken(id, "edge.example");
      await expect(issue).rejects.toMatchObject({ kind: "invalid" });
    });
  });
}
