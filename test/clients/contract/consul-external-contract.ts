import { describe, expect, test } from "vitest";
import type { ExternalRegistration } from "../../../lambdas/domain/ports/consul.ts";
import { type ConsulCluster, consulOf, consulOperator } from "./consul-cluster.ts";

const WEB = { id: "web-1", name: "web", port: 80, tags: ["blue"] };
const DNS = { id: "dns-1", name: "dns", port: 53, tags: [] };

function described(name: string): ExternalRegistration {
  return {
    name,
    address: "10.1.0.1",
    meta: { provider: "hetzner" },
    services: [WEB, DNS],
    check: { probe: { http: "http://10.1.0.1/" }, intervalSeconds: 90, timeoutSeconds: 5 },
  };
}

export function consulExternalContract(cluster: () => ConsulCluster): void {
  describe("an external node", () => {
    async function modifyIndex(name: string): Promise<unknown> {
      const read = (path: string) => consulOperator(cluster(), "GET", path);
      return [await read(`/v1/catalog/node/${name}`), await read(`/v1/health/node/${name}`)];
    }

    /** What consul-esm does after it has looked. */
    async function probed(name: string, status: string): Promise<void> {
      const found = await consulOperator(cluster(), "GET", `/v1/health/node/${name}`);
      const [check] = found as Record<string, unknown>[];
      await consulOperator(cluster(), "PUT", "/v1/catalog/register", {
        Node: name,
        SkipNodeUpdate: true,
        Check: { ...check, Status: status, Output: "HTTP GET: 200 OK" },
      });
    }

    test("is as described, and marked for consul-esm", async () => {
      const consul = consulOf(cluster());
      await consul.registerExternal(described("external-1"));
      const node = await consul.node("external-1");
      expect(node).toMatchObject({
        name: "external-1",
        id: null,
        address: "10.1.0.1",
        datacenter: "dc1",
        meta: { provider: "hetzner", "external-node": "true", "external-probe": "true" },
      });
      const services = node?.services.toSorted((a, b) => a.id.localeCompare(b.id));
      expect(services).toEqual([DNS, WEB]);
      const checks = await consul.checks("external-1");
      expect(checks).toMatchObject([{ status: "critical", serviceId: null }]);
    });

    test("twice is the same as once, and the check keeps the status it was given", async () => {
      const consul = consulOf(cluster());
      await consul.registerExternal(described("external-2"));
      await probed("external-2", "passing");
      const before = await modifyIndex("external-2");
      await consul.registerExternal(described("external-2"));
      expect(await modifyIndex("external-2")).toEqual(before);
      expect(await consul.checks("external-2")).toMatchObject([
        { status: "passing", output: "HTTP GET: 200 OK" },
      ]);
    });

    test("described otherwise: what is no longer described goes, the check's status stays", async () => {
      const consul = consulOf(cluster());
      await consul.registerExternal(described("external-3"));
      await probed("external-3", "warning");
      await consul.registerExternal({
        ...described("external-3"),
        address: "10.1.0.3",
        meta: { zone: "fsn1" },
        services: [{ ...WEB, port: 8080 }],
        check: { probe: { tcp: "10.1.0.3:22" }, intervalSeconds: 30, timeoutSeconds: 5 },
      });
      expect(await consul.node("external-3")).toMatchObject({
        address: "10.1.0.3",
        meta: { zone: "fsn1", "external-node": "true", "external-probe": "true" },
        services: [{ ...WEB, port: 8080 }],
      });
      expect((await consul.node("external-3"))?.meta).not.toHaveProperty("provider");
      expect(await consul.checks("external-3")).toMatchObject([{ status: "warning" }]);

      const { check: _, ...unchecked } = described("external-3");
      await consul.registerExternal({ ...unchecked, services: [] });
      expect(await consul.node("external-3")).toMatchObject({ services: [] });
      expect(await consul.checks("external-3")).toEqual([]);
    });

    test("keeps the checks that others gave it", async () => {
      const consul = consulOf(cluster());
      await consul.registerExternal(described("external-4"));
      await consulOperator(cluster(), "PUT", "/v1/catalog/register", {
        Node: "external-4",
        SkipNodeUpdate: true,
        Check: { CheckID: "externalNodeHealth", Name: "External", Status: "passing" },
      });
      const { check: _, ...unchecked } = described("external-4");
      await consul.registerExternal(unchecked);
      expect(await consul.checks("external-4")).toMatchObject([
        { id: "externalNodeHealth", status: "passing" },
      ]);
    });

    test("is given more metadata, without losing any", async () => {
      const consul = consulOf(cluster());
      await consul.registerExternal(described("external-5"));
      const node = await consul.node("external-5");
      if (!node) throw new Error("it is not there");
      await consul.addMeta(node, { zone: "fsn1" });
      expect((await consul.node("external-5"))?.meta).toEqual({ ...node.meta, zone: "fsn1" });
      expect((await consul.node("external-5"))?.services).toHaveLength(2);
    });

    test("goes whole, and is gone the second time too", async () => {
      const consul = consulOf(cluster());
      await consul.registerExternal(described("external-6"));
      const node = await consul.node("external-6");
      await consul.deregister("external-6");
      await consul.deregister("external-6");
      expect(await consul.node("external-6")).toBeUndefined();
      expect(await consul.checks("external-6")).toEqual([]);
      expect(await consul.forceLeave("external-6")).toBeUndefined();
      if (!node) throw new Error("it was not there");
      await consul.addMeta(node, { zone: "fsn1" });
      expect(await consul.node("external-6")).toBeUndefined();
    });
  });
}
