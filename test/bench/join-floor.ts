import { randomUUID } from "node:crypto";
import type { HttpRequest } from "../../lambdas/clients/http/exchange.ts";
import { createNodeTransport } from "../../lambdas/clients/http/node-transport.ts";
import type { JoinStage, Server, WaitingNode } from "./join-stage.ts";

type Call = (request: Omit<HttpRequest, "headers" | "body">, body?: unknown) => Promise<void>;

/**
 * The floor: the six calls without which no node can be introduced and let in, from as many clients
 * with as many nodes in work at once, and nothing else. It knows the Nomad node's id, which has to be
 * searched for in truth.
 * @returns seconds.
 */
export async function joinFloor(
  stage: JoinStage,
  clients: number,
  nodesAtOnce: number,
): Promise<number> {
  const left = [...stage.nodes];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const nomad = open(stage.nomad, "X-Nomad-Token");
      const consul = open(stage.consul, "X-Consul-Token");
      const vault = open(stage.vault, "X-Vault-Token", { "X-Vault-Wrap-TTL": "1800s" });
      const work = async () => {
        for (let node = left.pop(); node; node = left.pop()) {
          await letIn(node, stage.vault.role, nomad.call, consul.call, vault.call);
        }
      };
      await Promise.all(Array.from({ length: nodesAtOnce }, work));
      for (const { close } of [nomad, consul, vault]) close();
    }),
  );
  return (performance.now() - began) / 1_000;
}

async function letIn(
  { instanceId, nomadNodeId }: WaitingNode,
  role: string,
  nomad: Call,
  consul: Call,
  vault: Call,
): Promise<void> {
  const introduction = { TTL: "1800s", NodeName: instanceId, NodePool: "default" };
  await nomad({ method: "POST", path: "/v1/acl/identity/client-introduction-token" }, introduction);
  const token = {
    AccessorID: randomUUID(),
    SecretID: randomUUID(),
    NodeIdentities: [{ NodeName: instanceId, Datacenter: "dc1" }],
  };
  await consul({ method: "PUT", path: "/v1/acl/token" }, token);
  const secretId = {
    secret_id: randomUUID(),
    metadata: JSON.stringify({ instance_id: instanceId }),
    num_uses: 1,
    ttl: "1800s",
  };
  await vault({ method: "POST", path: `/v1/auth/approle/role/${role}/custom-secret-id` }, secretId);
  await nomad({ method: "GET", path: `/v1/node/${nomadNodeId}` });
  await consul({ method: "GET", path: `/v1/health/node/${instanceId}` });
  await nomad(
    { method: "POST", path: `/v1/node/${nomadNodeId}/eligibility` },
    { Eligibility: "eligible" },
  );
}

function open({ address, token }: Server, tokenHeader: string, headers = {}) {
  const transport = createNodeTransport({ address, requestTimeoutSeconds: 30, maxSockets: 5 });
  const call: Call = async (request, body) => {
    const { status, body: text } = await transport.send({
      ...request,
      headers: { ...headers, [tokenHeader]: token, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (status !== 200) throw new Error(`${request.path}: ${status} ${text}`);
  };
  return { call, close: () => transport.close() };
}
