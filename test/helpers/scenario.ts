import type { Context, SQSBatchResponse } from "aws-lambda";
import type { Config, ConfigInput, DrainPolicy } from "../../lambdas/contracts/config.ts";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import type { FunctionName, MetricName } from "../../lambdas/contracts/names.ts";
import { drainClient } from "../../lambdas/domain/drain/flow.ts";
import { healNode } from "../../lambdas/domain/heal/flow.ts";
import { joinClient } from "../../lambdas/domain/join/flow.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import type { Nomad } from "../../lambdas/domain/ports/nomad.ts";
import type { NodeRecord, Outcome } from "../../lambdas/domain/record.ts";
import { registerNode } from "../../lambdas/domain/register/flow.ts";
import type { Flow } from "../../lambdas/domain/step.ts";
import { type QueueHandler, queueHandler } from "../../lambdas/runtime/queue-handler.ts";
import {
  type QueueHandler as PollersHandler,
  QueuePoller,
} from "../../local/aws/sqs/queue-poller.ts";
import { VirtualClock } from "../../local/clock.ts";
import { createFlowQueues, type FlowQueues } from "../../local/flow-queues.ts";
import type { ModelClusterSettings } from "../../local/model-cluster.ts";
import { type ClientGroup, ModelCluster } from "../../local/model-cluster.ts";
import type { TokenInput } from "../../local/nomad/access.ts";
import { DROVER_NOMAD_TOKEN } from "../../local/nomad/drover-setup.ts";
import { modelNomadPort } from "../../local/nomad/port.ts";
import { testConfig } from "./config.ts";
import { Crash } from "./crash.ts";
import { ModelPorts } from "./model-ports.ts";
import { Witness } from "./witness.ts";

export const GROUP = "nomad-clients";

export interface ScenarioOptions {
  readonly group?: Partial<ClientGroup>;
  readonly drain?: Partial<DrainPolicy>;
  readonly config?: Partial<ConfigInput>;
  readonly aws?: ModelClusterSettings;
  readonly seed?: number;
  /** Stands between the flow and its ports: to let them fail, or to watch. */
  readonly ports?: (ports: Ports) => Ports;
  /** Stands around each invocation of the function. */
  readonly invoke?: (handler: () => Promise<SQSBatchResponse>) => Promise<SQSBatchResponse>;
  /** What Drover's Nomad token may do. @default what docs/policies has for it */
  readonly nomadToken?: TokenInput;
}

const BUS = "drover";
const FLOWS = [drainClient, joinClient, registerNode, healNode];

/** Amazon's time from a decision to the wait state, Drover's pause before the drain, and more. */
const EVENT_SECONDS = 5;

/** A small cluster in virtual time, and Drover's real handlers working on their queues. */
export class Scenario {
  readonly clock = new VirtualClock();
  readonly cluster: ModelCluster;
  readonly config: Config;
  /** Those of drain-client. */
  readonly queues: FlowQueues;
  readonly queuesOf = new Map<FunctionName, FlowQueues>();
  readonly ports: ModelPorts;
  /** The instances of the group, in the order of their launch. */
  readonly instances: string[];
  readonly witness: Witness;
  /** The terminate events that reached the bus, as Drover's queue gets them. */
  readonly events: string[] = [];
  readonly #otherInstance: QueueHandler;
  #nomad: Nomad;
  #delivered = 0;

  constructor(options: ScenarioOptions = {}) {
    const { seed, group, aws, invoke = (handler) => handler() } = options;
    this.cluster = new ModelCluster(this.clock, { ...aws, ...(seed && { seed }) });
    this.witness = new Witness(this.cluster, this.clock);
    this.instances = this.cluster.addGroup({ name: GROUP, instances: 3, ...group });
    const config = testConfig({
      groups: [{ name: GROUP, ...(options.drain && { drain: options.drain }) }],
      ...options.config,
    });
    this.config = config;
    this.#nomad = this.#nomadWith(options.nomadToken ?? DROVER_NOMAD_TOKEN);
    this.ports = new ModelPorts(this.cluster, config, this.witness, () => this.#nomad);
    const start = (flow: Flow) => {
      const queues = createFlowQueues(this.cluster.aws, flow.name, BUS);
      this.queuesOf.set(flow.name, queues);
      const ports = this.ports.of(flow.name, queues.queue);
      const worker = { flow, ports: options.ports?.(ports) ?? ports, config };
      const handler = queueHandler(() => worker);
      const call: PollersHandler = (event) => invoke(() => handler(event, {} as Context));
      const onError = (error: unknown) => this.#failed(error);
      new QueuePoller(queues.queue, call, { region: this.cluster.aws.region, onError });
      return { queues, worker };
    };
    const [drain] = FLOWS.map(start);
    if (!drain) throw new Error("there is no flow");
    this.queues = drain.queues;
    this.#otherInstance = queueHandler(() => drain.worker);
    this.cluster.aws.eventBridge.onEvent((event) => {
      if (event["detail-type"].endsWith("terminate Lifecycle Action")) {
        this.events.push(JSON.stringify(event));
      }
    });
  }

  /** The first instance, which is the one a scale-in takes. */
  get first(): string {
    return this.instances[0] ?? "";
  }

  /** Registers a service, a system and a short batch job, and lets all of them start. */
  async startWork(): Promise<void> {
    const { nomad } = this.cluster;
    nomad.registerJob({ id: "web", count: 3, stopTakesSeconds: 3 });
    nomad.registerJob({ id: "agent", type: "system", stopTakesSeconds: 2 });
    nomad.registerJob({ id: "report", type: "batch", count: 3, runsSeconds: 60 });
    await this.clock.advance(30);
  }

  /** Has Auto Scaling take an instance out, without a replacement. @returns its id. */
  scaleIn(instanceId = this.first): string {
    this.cluster.aws.autoScaling.terminateInstance(instanceId, true);
    return instanceId;
  }

  /** As `scaleIn`, and lets time pass until Drover has begun. */
  async scaleInAndBegin(instanceId = this.first): Promise<void> {
    this.scaleIn(instanceId);
    await this.clock.advance(EVENT_SECONDS);
  }

  /** Hands a message to another instance of the function, beside whatever the first is doing. */
  async deliver(body: string): Promise<void> {
    const { queue } = this.queues;
    queue.send(body);
    const received = queue.receive(1);
    const messageId = `delivered-${this.#delivered++}`;
    const Records = received.map((message) => ({
      ...message,
      messageId,
      attributes: { ...message.attributes },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: queue.arn,
      awsRegion: this.cluster.aws.region,
    }));
    const { batchItemFailures } = await this.#otherInstance({ Records }, {} as Context);
    if (batchItemFailures.length > 0) return;
    for (const { receiptHandle } of received) queue.delete(receiptHandle);
  }

  /** Gives Drover another Nomad token, as an operator does by way of the secret. */
  useNomadToken(token: TokenInput): void {
    this.#nomad = this.#nomadWith(token);
  }

  get nodes() {
    return this.ports.nodes;
  }

  get journal() {
    return this.ports.journal;
  }

  get control() {
    return this.ports.control;
  }

  /** How often a metric was written. */
  metric(name: MetricName): number {
    return this.ports.counted.get(name) ?? 0;
  }

  async record(instanceId = this.first): Promise<NodeRecord | undefined> {
    return this.nodes.get(NodeId.parse(instanceId));
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
    return (await this.journal.read(NodeId.parse(instanceId))).map(({ text }) => text);
  }

  node(instanceId = this.first) {
    return this.cluster.nomad.node(this.cluster.nodeId(instanceId));
  }

  /** What runs on an instance. */
  running(instanceId = this.first) {
    return this.cluster.running(instanceId);
  }

  lifecycleState(instanceId = this.first): string | undefined {
    return this.cluster.aws.autoScaling.findMember(instanceId)?.lifecycleState;
  }

  /** When EC2 was told to end an instance: the moment its hooks were over. */
  letGoAt(instanceId = this.first): Date | undefined {
    return this.witness.letGoAt.get(instanceId);
  }

  /** When the last task of an instance stopped. */
  lastStopAt(instanceId = this.first): Date | undefined {
    return this.witness.lastStopAt.get(this.cluster.nodeId(instanceId));
  }

  /** When Nomad called the drain of an instance's node complete. */
  drainCompleteAt(instanceId = this.first): Date | undefined {
    return this.witness.drainCompleteAt.get(this.cluster.nodeId(instanceId));
  }

  /** When Nomad's drain of an instance was to end by force, each time that changed. */
  drainEnds(instanceId = this.first): readonly Date[] {
    return this.witness.drainEnds.get(this.cluster.nodeId(instanceId)) ?? [];
  }

  #nomadWith(token: TokenInput): Nomad {
    const { nomad } = this.cluster;
    return modelNomadPort(nomad, nomad.createToken(token));
  }

  // A function that died is part of some scenarios; anything else is a mistake in the test.
  #failed(error: unknown): void {
    if (!(error instanceof Crash)) throw error;
  }
}
