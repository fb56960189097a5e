import { accessorOf } from "../lambdas/clients/consul/node-token.ts";
import { NodeId } from "../lambdas/contracts/ids.ts";
import { AwsModel, type AwsModelSettings } from "./aws/aws-model.ts";
import type { ModelClock } from "./clock.ts";
import { ConsulModel } from "./consul/model.ts";
import { type ClientGroup, groupInput } from "./machines/client-group.ts";
import type { MachineImage } from "./machines/image.ts";
import { type MachineServers, Machines } from "./machines/machines.ts";
import {
  modelMachineConsul,
  modelMachineNomad,
  modelMachineVault,
} from "./machines/model-world.ts";
import { PlainMachines } from "./machines/plain-machines.ts";
import type { AgentName, MachineAgents } from "./machines/units.ts";
import type { ModelAllocation } from "./nomad/allocation.ts";
import { NomadModel, type NomadModelOptions } from "./nomad/model.ts";
import { VaultModel } from "./vault/model.ts";

export type { ClientGroup };

export type ModelClusterSettings = Omit<AwsModelSettings, "clock"> &
  Omit<NomadModelOptions, "servers"> & {
    /** How many Nomad servers there are. @default the model's own number */
    readonly nomadServers?: number;
    /** What the machines' agents talk to, instead of the models. */
    readonly servers?: Partial<MachineServers>;
    /** The Consul token of an instance that is there from the first. @default one of the model's */
    readonly consulToken?: (id: NodeId) => Promise<string>;
  };

/** Tasks that still ran when their instance was let go, or went off for other reasons. */
export interface KilledTasks {
  readonly instanceId: string;
  readonly at: Date;
  readonly allocations: readonly ModelAllocation[];
}

/** A Nomad cluster on AWS in memory: groups of instances, an agent on each, and its tasks. */
export class ModelCluster {
  readonly aws: AwsModel;
  readonly nomad: NomadModel;
  readonly consul: ConsulModel;
  readonly vault: VaultModel;
  readonly machines: Machines;
  /** What Drover is there to prevent. */
  readonly killed: KilledTasks[] = [];
  readonly #plain: PlainMachines;
  readonly #consulToken: (id: NodeId) => Promise<string>;

  constructor(clock: ModelClock, settings: ModelClusterSettings = {}) {
    const seed = settings.seed ?? 1;
    this.aws = new AwsModel({ ...settings, clock });
    const { servers, nomadServers, ...options } = settings;
    this.nomad = new NomadModel(clock, {
      ...options,
      ...(nomadServers !== undefined && { servers: nomadServers }),
    });
    this.consul = new ConsulModel(clock, { seed });
    this.vault = new VaultModel(clock, { seed });
    // Before the machines go off: what still runs then is killed.
    this.aws.ec2.onStateChange(({ id, state }) => {
      if (state === "shutting-down" || state === "stopping") this.#goesOff(id, clock.now());
    });
    this.aws.ec2.onReboot(({ id }, { phase }) => {
      if (phase === "down") this.#goesOff(id, clock.now());
    });
    this.#plain = new PlainMachines(this.aws, this.nomad, this.consul);
    this.machines = new Machines(this.aws, {
      consul: modelMachineConsul(this.consul),
      vault: modelMachineVault(this.vault),
      nomad: modelMachineNomad(this.nomad),
      ...servers,
    });
    this.aws.runCommand.execute = ({ instanceId, parameters }) =>
      this.#agentsOf(instanceId).units.carryOut(parameters);
    this.#consulToken = settings.consulToken ?? ((id) => this.#modelToken(id));
  }

  /** Adds a group whose instances are in service and whose agents are ready. @returns their ids. */
  addGroup(group: ClientGroup): string[] {
    if (group.image) this.machines.setImage(group.name, group.image);
    const made = this.aws.autoScaling.createGroup(groupInput(group));
    const ids = [...made.members.keys()];
    for (const id of ids) {
      if (group.withoutNode?.includes(id)) continue;
      if (group.image) this.#startMachine(id, group.image);
      else this.#plain.start(this.aws.ec2.get(id), group.client);
    }
    return ids;
  }

  /** Sets an instance's agent up anew: the old node falls silent, and another one registers. */
  reinstallAgent(instanceId: string): void {
    this.#plain.reinstall(instanceId);
  }

  /** An agent of a machine dies without a word; a restart brings it back. */
  async killAgent(instanceId: string, agent: AgentName): Promise<void> {
    await this.#agentsOf(instanceId).kill(agent);
  }

  /**
   * An agent dies, and no restart brings it back: the command ends with status 1.
   * @param output what systemd and the agent say of it.
   */
  async breakAgent(
    instanceId: string,
    agent: "nomad" | "consul",
    output = `${agent}.service: Main process exited, code=exited, status=1/FAILURE`,
  ): Promise<void> {
    await this.killAgent(instanceId, agent);
    this.#agentsOf(instanceId).units.break(agent, output);
  }

  /** A restart brings the agent back again. */
  mendAgent(instanceId: string, agent: "nomad" | "consul"): void {
    this.#agentsOf(instanceId).units.mend(agent);
  }

  /** The Nomad node of an instance. @throws when there is none. */
  nodeId(instanceId: string): string {
    const id = this.#findNodeId(instanceId);
    if (id) return id;
    throw new Error(`no Nomad node was started on ${instanceId}`);
  }

  /** The allocations of an instance that have not stopped. */
  running(instanceId: string): ModelAllocation[] {
    const nodeId = this.#findNodeId(instanceId);
    const all = nodeId ? this.nomad.allocationsOn(nodeId) : [];
    return all.filter(({ clientStatus }) =>
      ["pending", "running", "unknown"].includes(clientStatus),
    );
  }

  #findNodeId(instanceId: string): string | undefined {
    return this.#plain.nodeId(instanceId) ?? this.machines.find(instanceId)?.nomad.nodeId;
  }

  /** @throws when nothing runs on the instance. */
  #agentsOf(instanceId: string): MachineAgents {
    const agents = this.machines.find(instanceId) ?? this.#plain.agents(instanceId);
    if (agents) return agents;
    throw new Error(`nothing runs on ${instanceId}`);
  }

  #startMachine(id: string, { nodePool = "default" }: MachineImage): void {
    const nomadIntroductionToken = this.nomad.introductions?.issue(id, nodePool, 300);
    this.machines.runningSince(
      id,
      { nodeName: id, ...(nomadIntroductionToken && { nomadIntroductionToken }) },
      () => this.#consulToken(NodeId.parse(id)),
    );
  }

  async #modelToken(id: NodeId): Promise<string> {
    const nodeIdentities = [{ NodeName: id, Datacenter: this.consul.datacenter }];
    return this.consul.createToken({ accessorId: accessorOf(id), nodeIdentities });
  }

  #goesOff(instanceId: string, at: Date): void {
    const allocations = this.running(instanceId);
    if (allocations.length > 0) this.killed.push({ instanceId, at, allocations });
  }
}
