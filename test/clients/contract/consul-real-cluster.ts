import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { startRealConsul } from "../../helpers/real-consul.ts";
import {
  type ConsulCluster,
  type ConsulTokenKind,
  consulOperator,
  FIRST_GOSSIP_KEY,
} from "./consul-cluster.ts";

const RULES: Record<ConsulTokenKind, string> = {
  drover: rules("write"),
  nothing: "",
  rotate: readFileSync(
    new URL("../../../docs/policies/consul-rotate.hcl", import.meta.url),
    "utf8",
  ),
  "some-nodes": `node_prefix "survey-" { policy = "read" }`,
  reader: rules("read"),
};

/** Starts a Consul of its own. */
export async function startOwnConsul(bin: string): Promise<ConsulCluster> {
  const consul = await startRealConsul({ bin, gossipKey: FIRST_GOSSIP_KEY });
  const policies = new Set<string>();
  async function policy(Name: string, Rules: string): Promise<{ readonly Name: string }> {
    if (!policies.has(Name)) {
      await consulOperator(consul, "PUT", "/v1/acl/policy", { Name, Rules });
      policies.add(Name);
    }
    return { Name };
  }
  async function create(token: object): Promise<string> {
    const made = await consulOperator(consul, "PUT", "/v1/acl/token", token);
    return (made as { SecretID: string }).SecretID;
  }

  return {
    ...consul,
    createToken: async (kind) =>
      create({ Policies: [await policy(`drover-contract-${kind}`, RULES[kind])] }),
    async createRotated() {
      const readsAgents = `agent_prefix "" { policy = "read" }`;
      const readsNodes = `node_prefix "" { policy = "read" }`;
      const Roles = [{ Name: "rotated" }];
      if (!policies.has("rotated-nodes")) {
        const Policies = [await policy("rotated-nodes", readsNodes)];
        await consulOperator(consul, "PUT", "/v1/acl/role", { Name: "rotated", Policies });
      }
      return create({
        Policies: [await policy("rotated-agents", readsAgents)],
        Roles,
        ServiceIdentities: [{ ServiceName: "rotated-web", Datacenters: ["dc1"] }],
        NodeIdentities: [{ NodeName: "rotated-1", Datacenter: "dc1" }],
      });
    },
    async until(isSo, limitSeconds) {
      const end = performance.now() + limitSeconds * 1_000;
      do {
        if (await isSo()) return;
        await pause(250);
      } while (performance.now() < end);
      throw new Error(`not so after ${limitSeconds} s: ${isSo}`);
    },
  };
}

function rules(level: "read" | "write"): string {
  return `
    node_prefix "" { policy = "${level}" }
    service_prefix "" { policy = "${level}" }
    agent_prefix "" { policy = "read" }
    operator = "${level}"
    acl = "${level}"
  `;
}
