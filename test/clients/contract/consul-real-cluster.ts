import { setTimeout as pause } from "node:timers/promises";
import { startRealConsul } from "../../helpers/real-consul.ts";
import { type ConsulCluster, type ConsulTokenKind, consulOperator } from "./consul-cluster.ts";

const RULES: Record<ConsulTokenKind, string> = {
  drover: rules("write"),
  nothing: "",
  "some-nodes": `node_prefix "survey-" { policy = "read" }`,
  reader: rules("read"),
};

/** Starts a Consul of its own. */
export async function startOwnConsul(bin: string): Promise<ConsulCluster> {
  const consul = await startRealConsul({ bin });
  return {
    ...consul,
    async createToken(kind) {
      const Name = `drover-contract-${kind}`;
      const policies = (await consulOperator(consul, "GET", "/v1/acl/policies")) as {
        Name: string;
      }[];
      if (!policies.some((policy) => policy.Name === Name)) {
        await consulOperator(consul, "PUT", "/v1/acl/policy", { Name, Rules: RULES[kind] });
      }
      const made = await consulOperator(consul, "PUT", "/v1/acl/token", { Policies: [{ Name }] });
      return (made as { SecretID: string }).SecretID;
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
