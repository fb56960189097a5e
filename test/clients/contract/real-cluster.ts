import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import {
  INSTANCE_ID_ATTRIBUTE,
  ZONE_ATTRIBUTE,
} from "../../../lambdas/clients/nomad/node-reading.ts";
import { NomadNodeId } from "../../../lambdas/contracts/ids.ts";
import { droverRules } from "../../helpers/real-nomad/drover-rules.ts";
import { type RealNomad, startRealNomad } from "../../helpers/real-nomad.ts";
import {
  type Cluster,
  type ContractNode,
  FIRST_GOSSIP_KEY,
  operator,
  type TokenKind,
} from "./cluster.ts";

const NODE_WRITE = `node { policy = "write" }`;
const RULES: Record<TokenKind, string> = {
  drover: droverRules(),
  everywhere: `${NODE_WRITE}\nnamespace "*" { capabilities = ["read-job"] }`,
  nowhere: NODE_WRITE,
  submitting: `${NODE_WRITE}
namespace "*" { capabilities = ["read-job"] }
namespace "default" { capabilities = ["read-job", "submit-job"] }`,
  looking: `node { policy = "read" }`,
  keys: readFileSync(new URL("../../../docs/policies/nomad-rotate.hcl", import.meta.url), "utf8"),
  "writing-variables": `namespace "default" {
  variables {
    path "*" {
      capabilities = ["write"]
    }
  }
}`,
  "default-only": `${NODE_WRITE}\nnamespace "default" { policy = "read" }`,
};
const INSTANCES = [
  { instanceId: "i-00000000000abc000", zone: "eu-central-1a" },
  { instanceId: "i-00000000000abc001", zone: "eu-central-1b" },
] as const;

/** One whose agents can be started, too. */
export type OwnCluster = Cluster & Pick<RealNomad, "killClient" | "startClient" | "addClient">;

/** Starts a Nomad of its own, by default with two clients. */
export async function startOwnCluster(
  bin: string,
  instances: readonly Omit<ContractNode, "id">[] = INSTANCES,
): Promise<OwnCluster> {
  const nomad = await startRealNomad({ bin, clients: instances, gossipKey: FIRST_GOSSIP_KEY });
  const nodes = instances.map((instance, index) => nodeOf(nomad.nodeIds[index], instance));
  const { address, managementToken, killClient, startClient, addClient, stop } = nomad;
  const cluster = realCluster(address, managementToken, atLeastTwo(nodes));
  const gossipKey = FIRST_GOSSIP_KEY;
  return { ...cluster, gossipKey, killClient, startClient, addClient, stop };
}

/**
 * Uses a Nomad that runs already, and drains its clients.
 * @throws when it has fewer than two ready clients with an EC2 instance id.
 */
export async function useCluster(address: string, token: string): Promise<Cluster> {
  const lookup = { address, managementToken: token };
  const stubs = (await operator(lookup, "GET", "/v1/nodes")) as { ID: string; Status: string }[];
  const found: ContractNode[] = [];
  for (const { ID } of stubs.filter((stub) => stub.Status === "ready")) {
    const { Attributes } = (await operator(lookup, "GET", `/v1/node/${ID}`)) as {
      Attributes: Record<string, string>;
    };
    const instanceId = Attributes[INSTANCE_ID_ATTRIBUTE];
    const zone = Attributes[ZONE_ATTRIBUTE] ?? "";
    if (instanceId) found.push(nodeOf(ID, { instanceId, zone }));
  }
  if (found.length < 2)
    throw new Error(`${address} has ${found.length} ready clients on EC2, not 2`);
  return realCluster(address, token, atLeastTwo(found.slice(0, 2)));
}

function nodeOf(id: string | undefined, on: Omit<ContractNode, "id">): ContractNode {
  return { ...on, id: NomadNodeId.parse(id) };
}

function atLeastTwo([a, b, ...others]: readonly ContractNode[]): Cluster["nodes"] {
  if (a && b) return [a, b, ...others];
  throw new Error("there are fewer than two clients");
}

function realCluster(address: string, managementToken: string, nodes: Cluster["nodes"]): Cluster {
  return {
    address,
    managementToken,
    nodes,
    killClient: undefined,
    async createToken(kind) {
      const lookup = { address, managementToken };
      const Name = `drover-contract-${kind}`;
      await operator(lookup, "POST", `/v1/acl/policy/${Name}`, { Name, Rules: RULES[kind] });
      const token = { Name, Type: "client", Policies: [Name], ExpirationTTL: "1h" };
      const made = await operator(lookup, "POST", "/v1/acl/token", token);
      return (made as { SecretID: string }).SecretID;
    },
    async createRotated() {
      const lookup = { address, managementToken };
      const Rules = `node { policy = "read" }`;
      const Name = "drover-contract-rotated";
      await operator(lookup, "POST", `/v1/acl/policy/${Name}`, { Name, Rules });
      const roles = (await operator(lookup, "GET", "/v1/acl/roles")) as { Name: string }[];
      if (!roles.some((role) => role.Name === Name)) {
        await operator(lookup, "POST", "/v1/acl/role", { Name, Policies: [{ Name }] });
      }
      const token = { Name, Type: "client", Policies: [Name], Roles: [{ Name }], Global: true };
      const made = await operator(lookup, "POST", "/v1/acl/token", token);
      return (made as { SecretID: string }).SecretID;
    },
    gossipKey: undefined,
    now: () => new Date(),
    async until(isSo, limitSeconds) {
      const end = performance.now() + limitSeconds * 1_000;
      do {
        if (await isSo()) return;
        await pause(250);
      } while (performance.now() < end);
      throw new Error(`not so after ${limitSeconds} s: ${isSo}`);
    },
    stop: async () => undefined,
  };
}
