import { describe, expect, test } from "vitest";
import { NodeId } from "../../../lambdas/contracts/ids.ts";
import type { Consul } from "../../../lambdas/domain/ports/consul.ts";
import { type ConsulCluster, consulOf, consulOperator } from "./consul-cluster.ts";

const NODE = { Node: "access-1", Address: "10.0.0.1", NodeMeta: { a: "b" } };
const ID = NodeId.parse("i-00000000000acce55");
const denied = { name: "PortError", system: "consul", kind: "denied" };
const registration = { name: "access-1", address: "10.0.0.1", meta: {}, services: [] };

const READS: Record<string, (consul: Consul) => Promise<unknown>> = {
  checks: (consul) => consul.checks("access-1"),
  node: (consul) => consul.node("access-1"),
  failed: (consul) => consul.failed(),
};
const WRITES: Record<string, (consul: Consul) => Promise<unknown>> = {
  registerExternal: (consul) => consul.registerExternal(registration),
  deregister: (consul) => consul.deregister("access-1"),
  "deregister of an unknown node": (consul) => consul.deregister("access-nobody"),
  forceLeave: (consul) => consul.forceLeave("access-nobody"),
  issueNodeToken: (consul) => consul.issueNodeToken(ID, "access-1"),
};
const TOKEN_CALLS: Record<string, (consul: Consul) => Promise<unknown>> = {
  revokeNodeToken: (consul) => consul.revokeNodeToken(ID),
};

export function consulAccessContract(cluster: () => ConsulCluster): void {
  describe("tokens", () => {
    const tokenOf: Record<string, () => Promise<string>> = {
      none: async () => "",
      "an unknown one": async () => "11111111-2222-3333-4444-555555555555",
      "one without rules": () => cluster().createToken("nothing"),
    };

    test.each(Object.keys(tokenOf))(
      "%s: every call is denied, none says not there",
      async (kind) => {
        await consulOperator(cluster(), "PUT", "/v1/catalog/register", NODE);
        const token = (await tokenOf[kind]?.()) ?? "";
        const consul = consulOf(cluster(), token);
        for (const [name, call] of Object.entries({ ...READS, ...WRITES, ...TOKEN_CALLS })) {
          const error = await call(consul).then(
            () => undefined,
            (error: unknown) => error,
          );
          expect(error, name).toMatchObject(denied);
          if (token) expect(String(error), name).not.toContain(token);
        }
        expect(await consulOf(cluster()).node("access-1")).toMatchObject({ meta: { a: "b" } });
      },
    );

    test("of a reader: reads are allowed, writes denied", async () => {
      await consulOperator(cluster(), "PUT", "/v1/catalog/register", NODE);
      const consul = consulOf(cluster(), await cluster().createToken("reader"));
      expect(await consul.node("access-1")).toMatchObject({ name: "access-1" });
      expect(await consul.checks("access-1")).toEqual([]);
      expect(await consul.node("access-nobody")).toBeUndefined();
      for (const [name, call] of Object.entries(WRITES)) {
        await expect(call(consul), name).rejects.toMatchObject(denied);
      }
    });

    test("of a reader: a node's token made before is denied, not its hidden secret given", async () => {
      await consulOf(cluster()).issueNodeToken(ID, "access-1");
      const consul = consulOf(cluster(), await cluster().createToken("reader"));
      await expect(consul.issueNodeToken(ID, "access-1")).rejects.toMatchObject(denied);
      await expect(consul.revokeNodeToken(ID)).rejects.toMatchObject(denied);
      expect(await consulOf(cluster()).revokeNodeToken(ID)).toBe("done");
    });

    test("with the rules Drover asks for may make every call", async () => {
      const consul = consulOf(cluster(), await cluster().createToken("drover"));
      await consul.registerExternal({ ...registration, name: "access-2" });
      expect(await consul.node("access-2")).toMatchObject({ name: "access-2" });
      await consul.deregister("access-2");
      expect(await consul.node("access-2")).toBeUndefined();
      expect(await consul.forceLeave("access-2")).toBeUndefined();
      const secret = await consul.issueNodeToken(ID, "access-2");
      expect(await consul.issueNodeToken(ID, "access-2")).toBe(secret);
      expect(await consul.revokeNodeToken(ID)).toBe("done");
    });
  });
}
