import { randomUUID } from "node:crypto";
import { createConsul } from "../../lambdas/clients/consul/create-consul.ts";
import { createNomad } from "../../lambdas/clients/nomad/create-nomad.ts";
import { createVault } from "../../lambdas/clients/vault/create-vault.ts";
import { createVaultSession } from "../../lambdas/clients/vault/vault-session.ts";
import type { IntroductionConfig } from "../../lambdas/contracts/config/introduction.ts";
import type { Config } from "../../lambdas/contracts/config.ts";
import { introductionNames } from "../../lambdas/contracts/introduction.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import type { Introductions } from "../../lambdas/domain/ports/introductions.ts";
import type { AwsModel } from "../../local/aws/aws-model.ts";
import {
  modelAutoScalingPort,
  modelComputePort,
  modelIntroductionsPort,
} from "../../local/aws/ports.ts";
import { VirtualClock } from "../../local/clock.ts";
import { DROVER_TOKEN } from "../../local/consul/drover-setup.ts";
import { startConsulFace } from "../../local/consul/face/server.ts";
import { createFlowQueues } from "../../local/flow-queues.ts";
import { MemoryBreaker } from "../../local/memory/memory-breaker.ts";
import { MemoryBudget } from "../../local/memory/memory-budget.ts";
import { MemoryControl } from "../../local/memory/memory-control.ts";
import { MemoryJournal } from "../../local/memory/memory-journal.ts";
import { MemoryNodes } from "../../local/memory/memory-nodes.ts";
import { ModelCluster } from "../../local/model-cluster.ts";
import { DROVER_NOMAD_TOKEN } from "../../local/nomad/drover-setup.ts";
import { startNomadFace } from "../../local/nomad/face/server.ts";
import { NODE_ROLE, setUpForDrover } from "../../local/vault/drover-setup.ts";
import { startVaultFace } from "../../local/vault/face/server.ts";
import { testConfig } from "../helpers/config.ts";
import { LAUNCH_HOOK, WHOLE_CLUSTER } from "../helpers/launches.ts";

const GROUP = "nomad-clients";
const SOCKETS = 5;
/** From a launch until the instance waits at its hook and its agents have told Consul all. */
const SETTLED_SECONDS = 60;

/** A server over HTTP, and a token for it. */
export interface Server {
  readonly address: string;
  readonly token: string;
}

/** A node that is up and waits to be let in. */
export interface WaitingNode {
  readonly instanceId: string;
  readonly nomadNodeId: string;
}

/** Instances that wait at their launch hook with everything on them up already. */
export interface JoinStage {
  readonly nodes: readonly WaitingNode[];
  readonly config: Config;
  /** The launch events, as a queue gets them. */
  readonly events: readonly string[];
  readonly nomad: Server;
  readonly consul: Server;
  readonly vault: Server & { readonly role: string };
  /** The ports of function instances: AWS and the store in memory, the cluster over HTTP. */
  connect(instances: number): Ports[];
  /** How many of the instances are let go by their hook, and their nodes eligible. */
  joined(): number;
  close(): Promise<void>;
}

/** Sets the stage. Time is virtual, and stands still once all are up. */
export async function joinStage(count: number): Promise<JoinStage> {
  const clock = new VirtualClock();
  const cluster = new ModelCluster(clock, { clientIntroduction: { enforcement: "warn" } });
  const { aws, nomad, consul, vault } = cluster;
  const { queue } = createFlowQueues(aws, "join-client", "drover");
  cluster.addGroup({ name: GROUP, instances: 0, hooks: [LAUNCH_HOOK] });
  aws.autoScaling.setDesiredCapacity(GROUP, count);
  const ids = [...aws.autoScaling.group(GROUP).members.keys()];
  const nodes = ids.map((instanceId) => startAgents(cluster, instanceId));
  await clock.advance(SETTLED_SECONDS);
  const events = queue.bodies();
  if (events.length !== count) throw new Error(`${events.length} of ${count} launches were told`);

  const faces = await Promise.all([
    startNomadFace(nomad),
    startConsulFace(consul),
    startVaultFace(vault),
  ]);
  const [nomadFace, consulFace, vaultFace] = faces;
  const nomadToken = nomad.createToken(DROVER_NOMAD_TOKEN);
  const consulToken = consul.createToken(DROVER_TOKEN);
  const { login } = setUpForDrover(vault);
  const config = testConfig({ ...WHOLE_CLUSTER, groups: [{ name: GROUP }] });
  const { introduction } = config;
  if (!introduction) throw new Error("the configuration has no introduction");
  const openSession = () =>
    createVaultSession({ address: vaultFace.address, login, clock, maxSockets: SOCKETS });
  const session = openSession();
  const vaultToken = await session.token();
  session.close();
  const close: (() => void)[] = [];

  return {
    nodes,
    events,
    config,
    nomad: { address: nomadFace.address, token: nomadToken },
    consul: { address: consulFace.address, token: consulToken },
    vault: { address: vaultFace.address, token: vaultToken, role: NODE_ROLE },
    connect(instances) {
      const shared = {
        nodes: new MemoryNodes(),
        journal: new MemoryJournal(),
        control: new MemoryControl(),
        breaker: new MemoryBreaker(clock),
        budget: new MemoryBudget(clock),
        hints: { send: async () => undefined },
        ticks: { send: async () => undefined },
        autoScaling: modelAutoScalingPort(aws),
        compute: modelComputePort(aws),
        commands: {
          agent: async () => undefined,
          restart: async () => undefined,
          findRestart: async () => undefined,
          result: async () => undefined,
        },
        outcomes: { tell: async () => undefined, report: async () => undefined },
        introductions: reportedAtOnce(aws, modelIntroductionsPort(aws, introduction), introduction),
        metrics: { count: () => undefined, seconds: () => undefined },
        clock,
        newId: randomUUID,
      };
      return Array.from({ length: instances }, () => {
        const options = (address: string, token: string) => ({
          address,
          token: async () => token,
          maxSockets: SOCKETS,
        });
        const ofNomad = createNomad(options(nomadFace.address, nomadToken));
        const ofConsul = createConsul(options(consulFace.address, consulToken));
        const ofVault = createVault({
          session: openSession(),
          role: NODE_ROLE,
          deployment: config.name,
        });
        close.push(ofNomad.close, ofConsul.close, ofVault.close);
        return { ...shared, nomad: ofNomad, consul: ofConsul, vault: ofVault };
      });
    },
    joined: () => nodes.filter((node) => hasJoined(cluster, node)).length,
    async close() {
      for (const each of close) each();
      await Promise.all(faces.map((face) => face.close()));
    },
  };
}

/** Each instance reports its login at once: no time passes here in which it could. */
function reportedAtOnce(
  aws: AwsModel,
  introductions: Introductions,
  { path }: IntroductionConfig,
): Introductions {
  const report = JSON.stringify({ vaultTokenAccessor: "accessor" });
  return {
    ...introductions,
    async put(id, introduction) {
      await introductions.put(id, introduction);
      aws.roleOf(id).overwrite(introductionNames(path, id).report, report);
    },
  };
}

function startAgents({ nomad, consul }: ModelCluster, instanceId: string): WaitingNode {
  const { id } = nomad.addNode({ instanceId, name: instanceId, defaultIneligible: true });
  const token = consul.managementToken;
  consul.startAgent({ name: instanceId, token, meta: { instance_id: instanceId } });
  return { instanceId, nomadNodeId: id };
}

function hasJoined({ aws, nomad }: ModelCluster, { instanceId, nomadNodeId }: WaitingNode) {
  const state = aws.autoScaling.findMember(instanceId)?.lifecycleState;
  return nomad.node(nomadNodeId)?.eligible === true && state !== "Pending:Wait";
}
