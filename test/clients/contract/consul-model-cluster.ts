import { VirtualClock } from "../../../local/clock.ts";
import type { TokenInput } from "../../../local/consul/access.ts";
import { startConsulAgentFace, startConsulFace } from "../../../local/consul/face/server.ts";
import { ConsulModel } from "../../../local/consul/model.ts";
import type { ServedFace } from "../../../local/serve-face.ts";
import { type ConsulCluster, type ConsulTokenKind, FIRST_GOSSIP_KEY } from "./consul-cluster.ts";

const TOKENS: Record<ConsulTokenKind, TokenInput> = {
  drover: {
    nodePrefix: { "": "write" },
    servicePrefix: { "": "write" },
    agentPrefix: { "": "read" },
    operator: "write",
    acl: "write",
  },
  nothing: {},
  rotate: { acl: "write", keyring: "write", agentPrefix: { "": "write" } },
  "some-nodes": { nodePrefix: { "survey-": "read" } },
  reader: {
    nodePrefix: { "": "read" },
    servicePrefix: { "": "read" },
    agentPrefix: { "": "read" },
    operator: "read",
    acl: "read",
  },
};

/** The model behind its HTTP face, in virtual time. */
export async function startModelConsul(): Promise<ConsulCluster> {
  const clock = new VirtualClock();
  const model = new ConsulModel(clock, { gossipKey: FIRST_GOSSIP_KEY });
  const face = await startConsulFace(model);
  const agentFaces = new Map<string, ServedFace>();
  return {
    address: face.address,
    managementToken: model.managementToken,
    createToken: async (kind) => model.createToken(TOKENS[kind]),
    async createRotated() {
      const { access } = model;
      const readsAgents = access.putPolicy("rotated-agents", { agentPrefix: { "": "read" } });
      const readsNodes = access.putPolicy("rotated-nodes", { nodePrefix: { "": "read" } });
      return model.createToken({
        policies: [readsAgents],
        roles: [access.putRole("rotated", [readsNodes])],
        serviceIdentities: [{ ServiceName: "rotated-web", Datacenters: ["dc1"] }],
        nodeIdentities: [{ NodeName: "rotated-1", Datacenter: "dc1" }],
      });
    },
    startAgent: async (agent) => model.startAgent({ ...agent, address: "127.0.0.1" }),
    async agentAddress(name) {
      const served = agentFaces.get(name) ?? (await startConsulAgentFace(model, name));
      agentFaces.set(name, served);
      return served.address;
    },
    killAgent: async (name) => model.stopAgent(name),
    resumeAgent: async (name) => model.resumeAgent(name),
    async until(isSo, limitSeconds) {
      for (let passed = 0; passed <= limitSeconds; passed += 0.25) {
        if (await isSo()) return;
        await clock.advance(0.25);
      }
      throw new Error(`not so after ${limitSeconds} s of virtual time: ${isSo}`);
    },
    async stop() {
      for (const served of agentFaces.values()) await served.close();
      await face.close();
    },
  };
}
