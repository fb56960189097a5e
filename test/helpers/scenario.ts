import type { Context } from "aws-lambda";
import type { ConfigInput, DrainPolicy } from "../../lambdas/contracts/config.ts";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { drainClient } from "../../lambdas/domain/drain/flow.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import type { NodeRecord, Outcome } from "../../lambdas/domain/record.ts";
import { queueHandler } from "../../lambdas/runtime/queue-handler.ts";
import { modelAutoScalingPort, modelComputePort, modelTicks } from "../../local/aws/ports.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { VirtualClock } from "../../local/clock.ts";
import { createFlowQueues, type FlowQueues } from "../../local/flow-queues.ts";
import { MemoryControl } from "../../local/memory/memory-control.ts";
import { MemoryJournal } from "../../local/memory/memory-journal.ts";
import { MemoryNodes } from "../../local/memory/memory-nodes.ts";
import { type ClientGroup, ModelCluster } from "../../local/model-cluster.ts";
import { modelNomadPort } from "../../local/nomad/port.ts";
import { testConfig } from "./config.ts";

export const GROUP = "nomad-clients";

export interface ScenarioOptions {
  readonly group?: Partial<ClientGroup>;
  readonly drain?: Partial<DrainPolicy>;
  readonly config?: Partial<ConfigInput>;
  readonly seed?: number;
  /** Stands between the flow and its ports: to let them fail, or to watch. */
  readonly ports?: (ports: Ports) => Ports;
  /** The token Drover's Nomad port uses. @default one with node:write and read-job everywhere */
  readonly nomadToken?: (cluster: ModelCluster) => string;
}

/** A small cluster in virtual time, and Drover's real handler working on its queue. */
export class Scenario {
  readonly clock = new VirtualClock();
  readonly cluster: ModelCluster;
  readonly queues: FlowQueues;
  readonly nodes = new MemoryNodes();
  readonly journal = new MemoryJournal();
  readonly control = new MemoryControl();
  /** The instances of the group, in the order of their launch. */
  readonly instances: string[];
  readonly counted = new Map<string, number>();
  readonly ports: Ports;

  constructor(options: ScenarioOptions = {}) {
    const { seed, group } = options;
    this.cluster = new ModelCluster(this.clock, { ...(seed && { seed }) });
    this.queues = createFlowQueues(this.cluster.aws, drainClient.name, "drover");
    this.instances = this.cluster.addGroup({ name: GROUP, instances: 3, ...group });
    const config = testConfig({
      groups: [{ name: GROUP, ...(options.drain && { drain: options.drain }) }],
      ...options.config,
    });
    this.ports = this.#makePorts(options);
    const worked = options.ports?.(this.ports) ?? this.ports;
    const handler = queueHandler(() => ({
      flow: drainClient,
      ports: worked,
      config,
    }));
    new QueuePoller(this.queues.queue, (event) => handler(event, {} as Context), {
      region: this.cluster.aws.region,
    });
  }

  /** The first instance, which is the one a scale-in takes. */
  get first(): string {
    return this.instances[0] ?? "";
  }

  /** Has Auto Scaling take an instance out, without a replacement. @returns its id. */
  scaleIn(instanceId = this.first): string {
    this.cluster.aws.autoScaling.terminateInstance(instanceId, true);
    return instanceId;
  }

  async record(instanceId = this.first): Promise<NodeRecord | undefined> {
    return this.nodes.get(InstanceId.parse(instanceId));
  }

  /** Lets time pass until the work on an instance is finished. @returns how it ended. */
  async finished(instanceId = this.first, limitSeconds?: number): Promise<Outcome | undefined> {
    const isFinished = async () => (await this.record(instanceId))?.finished !== undefined;
    await this.clock.until(isFinished, limitSeconds);
    return (await this.record(instanceId))?.finished?.outcome;
  }

  /** Lets time pass until something is so. */
  async until(isSo: () => boolean | Promise<boolean>, limitSeconds?: number): Promise<void> {
    await this.clock.until(isSo, limitSeconds);
  }

  /** The journal's texts about an instance. */
  async history(instanceId = this.first): Promise<string[]> {
    return (await this.journal.read(InstanceId.parse(instanceId))).map(({ text }) => text);
  }

  node(instanceId = this.first) {
    return this.cluster.nomad.node(this.cluster.nodeId(instanceId));
  }

  lifecycleState(instanceId = this.first): string | undefined {
    return this.cluster.aws.autoScaling.findMember(instanceId)?.lifecycleState;
  }

  /** When EC2 was told to end an instance: the moment its hooks were over. */
  onLetGo(listener: (instanceId: string) => void): void {
    this.cluster.aws.ec2.onStateChange(({ id, state }) => {
      if (state === "shutting-down") listener(id);
    });
  }

  #makePorts({ nomadToken }: ScenarioOptions): Ports {
    const { aws, nomad } = this.cluster;
    let ids = 0;
    const token =
      nomadToken?.(this.cluster) ??
      nomad.createToken({ node: "write", namespaces: { "*": ["read-job"] } });
    return {
      nodes: this.nodes,
      control: this.control,
      journal: this.journal,
      ticks: modelTicks(aws, this.queues.queue),
      nomad: modelNomadPort(nomad, token),
      autoScaling: modelAutoScalingPort(aws),
      compute: modelComputePort(aws),
      metrics: {
        count: (name) => this.counted.set(name, (this.counted.get(name) ?? 0) + 1),
        seconds: (name) => this.counted.set(name, (this.counted.get(name) ?? 0) + 1),
      },
      clock: this.clock,
      newId: () => `id-${ids++}`,
    };
  }
}
