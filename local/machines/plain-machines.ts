import type { AwsModel } from "../aws/aws-model.ts";
import type { Ec2Instance } from "../aws/ec2/instance.ts";
import type { ModelAgent } from "../consul/agent.ts";
import type { ConsulModel } from "../consul/model.ts";
import type { NomadModel } from "../nomad/model.ts";
import type { NodeInput } from "../nomad/node.ts";
import { type AgentName, type MachineAgents, Units } from "./units.ts";

interface PlainMachine {
  nodeId: string;
  readonly input: NodeInput;
  nomadRuns: boolean;
  readonly units: Units;
}

/**
 * Machines without an image: on each runs a Nomad client that was there from the first, and an SSM
 * agent. A Consul agent is theirs if it has the instance's id as its name, or in its metadata.
 */
export class PlainMachines {
  readonly #aws: AwsModel;
  readonly #nomad: NomadModel;
  readonly #consul: ConsulModel;
  readonly #machines = new Map<string, PlainMachine>();

  constructor(aws: AwsModel, nomad: NomadModel, consul: ConsulModel) {
    this.#aws = aws;
    this.#nomad = nomad;
    this.#consul = consul;
    aws.ec2.onStateChange(({ id, state }) => {
      if (state === "stopping" || state === "shutting-down") this.#goOff(id);
      if (state === "running") this.#comeBack(id);
    });
    aws.ec2.onReboot(({ id }, { phase, disk }) => {
      if (phase === "down") this.#goOff(id);
      else if (disk === "kept") this.#comeBack(id);
      else if (this.#machines.has(id)) this.#setUpAnew(id);
    });
  }

  /** Starts a client whose node is there and ready at once. */
  start(instance: Ec2Instance, client?: (instance: Ec2Instance) => NodeInput): void {
    const { id: instanceId, zone, privateIpAddress } = instance;
    const attributes = { "platform.aws.placement.availability-zone": zone };
    const input = { attributes, ...(client?.(instance) ?? { instanceId }) };
    const nodeId = this.#nomad.addNode(input).id;
    const units = this.#machines.get(instanceId)?.units ?? this.#unitsOf(instanceId);
    this.#machines.set(instanceId, { nodeId, input, nomadRuns: true, units });
    this.#aws.managedNodes.startAgent(instanceId, { ipAddress: privateIpAddress });
  }

  /** Sets an instance's client up anew: the old node falls silent, and another one registers. */
  reinstall(instanceId: string): void {
    this.kill(instanceId, "nomad");
    this.start(this.#aws.ec2.get(instanceId));
  }

  nodeId(instanceId: string): string | undefined {
    return this.#machines.get(instanceId)?.nodeId;
  }

  /** What runs on an instance. */
  agents(instanceId: string): MachineAgents | undefined {
    const units = this.#machines.get(instanceId)?.units;
    return units && { units, kill: (agent) => this.kill(instanceId, agent) };
  }

  /** An agent dies without a word. */
  kill(instanceId: string, agent: AgentName): void {
    const machine = this.#machines.get(instanceId);
    if (agent === "ssm") this.#aws.managedNodes.stopAgent(instanceId);
    else if (agent === "consul")
      for (const { name } of this.#consulAgents(instanceId)) this.#consul.stopAgent(name);
    else if (machine) {
      machine.nomadRuns = false;
      this.#nomad.stopAgent(machine.nodeId);
    }
  }

  #unitsOf(instanceId: string): Units {
    return new Units({
      nomad: {
        isActive: () => this.#machines.get(instanceId)?.nomadRuns ?? false,
        restart: () => this.#startNomad(instanceId),
      },
      consul: {
        isActive: () => this.#consulAgents(instanceId).some(({ running }) => running),
        restart: () => this.#startConsul(instanceId),
      },
    });
  }

  #startNomad(instanceId: string): void {
    const machine = this.#machines.get(instanceId);
    if (!machine) return;
    machine.nomadRuns = true;
    this.#nomad.startAgent(machine.nodeId);
  }

  #startConsul(instanceId: string): void {
    for (const { name } of this.#consulAgents(instanceId)) this.#consul.resumeAgent(name);
  }

  #goOff(instanceId: string): void {
    if (!this.#machines.has(instanceId)) return;
    for (const agent of ["nomad", "consul", "ssm"] as const) this.kill(instanceId, agent);
  }

  #comeBack(instanceId: string): void {
    if (!this.#machines.has(instanceId)) return;
    this.#aws.managedNodes.startAgent(instanceId);
    this.#startNomad(instanceId);
    this.#startConsul(instanceId);
  }

  #setUpAnew(instanceId: string): void {
    this.reinstall(instanceId);
    for (const { name, address, meta, token, services } of this.#consulAgents(instanceId)) {
      // Its id was on the disk.
      this.#consul.startAgent({ name, address, meta, services, ...(token && { token }) });
    }
  }

  #consulAgents(instanceId: string): ModelAgent[] {
    return [...this.#consul.members.agents.values()].filter(
      ({ name, meta }) => name === instanceId || meta.instance_id === instanceId,
    );
  }
}
