import { beforeAll, describe, expect, test } from "vitest";
import { NodeId } from "../../../lambdas/contracts/ids.ts";
import {
  type ConsulCluster,
  consulOf,
  consulOperator,
  newConsulOf,
  serfHealth,
} from "./consul-cluster.ts";

/** An agent puts its entry right within this, and the leader within a minute. */
const ANTI_ENTROPY_SECONDS = 125;
const PATIENCE_MILLISECONDS = 150_000;
const OWN_META = { rack: "r1" };

export function consulAgentContract(cluster: () => ConsulCluster): void {
  describe("a node with an agent", () => {
    /** Starts an agent with the token Drover makes for it. */
    async function start(name: string): Promise<void> {
      const token = await consulOf(cluster()).issueNodeToken(NodeId.parse(`node-${name}`), name);
      await cluster().startAgent({ name, token, meta: OWN_META });
      await untilWhole(name, 30);
    }

    /** The agent writes its entry, and the leader Serf's check: neither waits for the other. */
    async function untilWhole(name: string, limitSeconds: number): Promise<void> {
      await cluster().until(
        async () =>
          (await metaOf(name)).rack === "r1" && (await serfHealth(cluster(), name)) === "passing",
        limitSeconds,
      );
    }

    async function metaOf(name: string): Promise<Readonly<Record<string, string>>> {
      return (await consulOf(cluster()).node(name))?.meta ?? {};
    }

    async function isInCatalog(name: string): Promise<boolean> {
      return (await consulOf(cluster()).node(name)) !== undefined;
    }

    beforeAll(async () => {
      for (const name of ["agent-1", "agent-2", "agent-3"]) await start(name);
      await consulOperator(cluster(), "PUT", "/v1/catalog/register", {
        Node: "agent-none",
        Address: "10.0.0.9",
        Check: { CheckID: "serfHealth", Name: "Not by Serf", Status: "passing" },
      });
    }, PATIENCE_MILLISECONDS);

    test("passes serfHealth, and says what its configuration says", async () => {
      expect(await serfHealth(cluster(), "agent-1")).toBe("passing");
      const node = await consulOf(cluster()).node("agent-1");
      expect(node).toMatchObject({ name: "agent-1", address: "127.0.0.1", meta: OWN_META });
      expect(node?.id).toMatch(/^[0-9a-f-]{36}$/);
    });

    test(
      "passes serfHealth with a bad token too, but its metadata does not come",
      async () => {
        await cluster().startAgent({
          name: "agent-bad",
          token: "99999999-9999-9999-9999-999999999999",
          meta: OWN_META,
        });
        await cluster().until(
          async () => (await serfHealth(cluster(), "agent-bad")) === "passing",
          30,
        );
        // One that was started after it has long written its own.
        await start("agent-4");
        expect(await metaOf("agent-bad")).toEqual({});
        await cluster().killAgent("agent-bad");
      },
      PATIENCE_MILLISECONDS,
    );

    test("is no external node", async () => {
      const external = { name: "agent-1", address: "10.9.9.9", meta: {}, services: [] };
      await expect(consulOf(cluster()).registerExternal(external)).rejects.toMatchObject({
        system: "consul",
        kind: "invalid",
      });
      expect(await consulOf(cluster()).node("agent-1")).toMatchObject({ address: "127.0.0.1" });
    });

    test("does not give its name to one with another id", async () => {
      const other = {
        Node: "agent-1",
        ID: "0f000000-0000-4000-8000-000000000001",
        Address: "10.0.0.1",
      };
      await expect(consulOperator(cluster(), "PUT", "/v1/catalog/register", other)).rejects.toThrow(
        /500 .*Node name agent-1 is reserved by node/,
      );
      expect(await consulOf(cluster()).node("agent-1")).toMatchObject({ address: "127.0.0.1" });
    });

    test("that lives stays when it is told to leave", async () => {
      expect(await consulOf(cluster()).forceLeave("agent-1")).toBe("done");
      expect(await isInCatalog("agent-1")).toBe(true);
      expect(await serfHealth(cluster(), "agent-1")).toBe("passing");
    });

    test(
      "that lives puts back its metadata, and its entry after a deregistration",
      async () => {
        const consul = consulOf(cluster());
        const node = await consul.node("agent-1");
        if (!node) throw new Error("it is not there");
        await consul.addMeta(node, { zone: "eu-1a" });
        expect(await metaOf("agent-1")).toMatchObject({ ...OWN_META, zone: "eu-1a" });
        expect(await consul.node("agent-1")).toMatchObject({ id: node.id });
        await consul.deregister("agent-2");
        expect(await isInCatalog("agent-2")).toBe(false);
        await cluster().until(async () => {
          const isBack = (await serfHealth(cluster(), "agent-2")) === "passing";
          return isBack && !("zone" in (await metaOf("agent-1")));
        }, ANTI_ENTROPY_SECONDS);
        await untilWhole("agent-2", ANTI_ENTROPY_SECONDS);
      },
      2 * PATIENCE_MILLISECONDS,
    );

    test(
      "that died fails, leaves when told to, stays gone, and comes back when it lives again",
      async () => {
        const consul = consulOf(cluster());
        await cluster().killAgent("agent-3");
        await cluster().until(
          async () => (await serfHealth(cluster(), "agent-3")) === "critical",
          30,
        );
        expect([...(await newConsulOf(cluster()).failed())]).toContain("agent-3");
        expect(await consul.forceLeave("agent-3")).toBe("done");
        await cluster().until(async () => !(await isInCatalog("agent-3")), 10);
        expect(await consul.forceLeave("agent-3")).toBe("done");
        await consul.deregister("agent-3");
        expect(await consul.checks("agent-3")).toEqual([]);
        expect([...(await newConsulOf(cluster()).failed())]).not.toContain("agent-3");

        await cluster().resumeAgent("agent-3");
        await untilWhole("agent-3", 60);
      },
      PATIENCE_MILLISECONDS,
    );

    test(
      "that died, and is told to leave before it has failed, leaves all the same",
      async () => {
        await cluster().killAgent("agent-3");
        expect(await consulOf(cluster()).forceLeave("agent-3")).toBe("done");
        await cluster().until(async () => !(await isInCatalog("agent-3")), 30);
      },
      PATIENCE_MILLISECONDS,
    );

    test(
      "has Serf's check by Serf alone: an entry with it that no member has is reaped",
      async () => {
        await cluster().until(async () => !(await isInCatalog("agent-none")), 65);
      },
      PATIENCE_MILLISECONDS,
    );

    test(
      "that died and was deregistered does not come back",
      async () => {
        await cluster().killAgent("agent-2");
        await cluster().until(
          async () => (await serfHealth(cluster(), "agent-2")) === "critical",
          30,
        );
        await consulOf(cluster()).deregister("agent-2");
        expect(await isInCatalog("agent-2")).toBe(false);
        expect(await consulOf(cluster()).forceLeave("agent-2")).toBe("done");
        expect(await isInCatalog("agent-2")).toBe(false);
      },
      PATIENCE_MILLISECONDS,
    );
  });
}
