import { ZONE_ATTRIBUTE } from "../../../lambdas/clients/nomad/node-reading.ts";
import { NomadNodeId } from "../../../lambdas/contracts/ids.ts";
import { VirtualClock } from "../../../local/clock.ts";
import type { TokenInput } from "../../../local/nomad/access.ts";
import { DROVER_NOMAD_TOKEN } from "../../../local/nomad/drover-setup.ts";
import { startNomadFace } from "../../../local/nomad/face/server.ts";
import { NomadModel } from "../../../local/nomad/model.ts";
import { type Cluster, FIRST_GOSSIP_KEY, type TokenKind } from "./cluster.ts";

const TOKENS: Record<TokenKind, TokenInput> = {
  drover: DROVER_NOMAD_TOKEN,
  everywhere: { node: "write", namespaces: { "*": ["read-job"] } },
  nowhere: { node: "write" },
  submitting: {
    node: "write",
    namespaces: { "*": ["read-job"], default: ["read-job", "submit-job"] },
  },
  looking: { node: "read" },
  keys: {
    agent: "write",
    operator: "write",
    variables: { default: { "nomad/jobs/web": ["read", "write"] } },
  },
  "writing-variables": { variables: { default: { "*": ["write"] } } },
  "default-only": { node: "write", namespaces: { default: ["read-job", "list-jobs"] } },
};

/** The model behind its HTTP face, in virtual time. */
export async function startModelCluster(): Promise<Cluster> {
  const clock = new VirtualClock();
  const model = new NomadModel(clock, { gossipKey: FIRST_GOSSIP_KEY });
  const face = await startNomadFace(model);
  const node = (instanceId: string, zone: string) => {
    const attributes = { [ZONE_ATTRIBUTE]: zone };
    const id = NomadNodeId.parse(model.addNode({ instanceId, attributes }).id);
    return { id, instanceId, zone };
  };
  const nodes = [
    node("i-00000000000abc000", "eu-central-1a"),
    node("i-00000000000abc001", "eu-central-1b"),
  ] as const;
  return {
    address: face.address,
    managementToken: model.managementToken,
    nodes,
    createToken: async (kind) => model.createToken(TOKENS[kind]),
    async createRotated() {
      model.access.policies.set("rotated-nodes", { node: "read" });
      const roles = [model.access.putRole("rotated", ["rotated-nodes"])];
      return model.createToken({ policies: ["rotated-nodes"], roles, global: true });
    },
    gossipKey: FIRST_GOSSIP_KEY,
    now: () => clock.now(),
    killClient: async (index) => model.stopAgent(nodes[index]?.id ?? ""),
    async until(isSo, limitSeconds) {
      for (let passed = 0; passed <= limitSeconds; passed += 0.25) {
        if (await isSo()) return;
        await clock.advance(0.25);
      }
      throw new Error(`not so after ${limitSeconds} s of virtual time: ${isSo}`);
    },
    stop: () => face.close(),
  };
}
