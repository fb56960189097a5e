import { randomUUID } from "node:crypto";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createAutoScaling } from "../../lambdas/clients/aws/auto-scaling.ts";
import { createBreaker } from "../../lambdas/clients/aws/breaker.ts";
import { createBudget } from "../../lambdas/clients/aws/budget.ts";
import { AWS_CLIENT_OPTIONS } from "../../lambdas/clients/aws/client-options.ts";
import { createCompute } from "../../lambdas/clients/aws/compute.ts";
import { createControl } from "../../lambdas/clients/aws/control.ts";
import { createDocumentClient } from "../../lambdas/clients/aws/document-client.ts";
import { createJournal } from "../../lambdas/clients/aws/journal.ts";
import { createNodes } from "../../lambdas/clients/aws/nodes.ts";
import { createTicks } from "../../lambdas/clients/aws/ticks.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import { startAwsFace } from "../../local/aws/http/aws-face.ts";
import { createNodeTable } from "../../local/aws/node-table.ts";
import { modelAutoScalingPort, modelComputePort } from "../../local/aws/ports.ts";
import { MemoryBreaker } from "../../local/memory/memory-breaker.ts";
import { MemoryBudget } from "../../local/memory/memory-budget.ts";
import { MemoryControl } from "../../local/memory/memory-control.ts";
import { MemoryJournal } from "../../local/memory/memory-journal.ts";
import { MemoryNodes } from "../../local/memory/memory-nodes.ts";
import type { Stage } from "./stage.ts";

const TABLE = "drover-bench";
const clock = { now: () => new Date() };
/** What draining has no use for, or does only when the instance has gone. */
const others = {
  consul: undefined,
  vault: undefined,
  introductions: undefined,
  commands: {
    agent: async () => undefined,
    restart: async () => undefined,
    findRestart: async () => undefined,
    result: async () => undefined,
  },
  hints: { send: async () => undefined },
  outcomes: { tell: async () => undefined, report: async () => undefined },
};
const metrics = { count: () => undefined, seconds: () => undefined };

/** Function instances with all but Nomad in memory. Ticks are taken, and nobody follows them. */
export async function memoryPorts(
  { cluster, connect }: Stage,
  instances: number,
): Promise<Ports[]> {
  const shared = {
    ...others,
    breaker: new MemoryBreaker(clock),
    budget: new MemoryBudget(clock),
    nodes: new MemoryNodes(),
    journal: new MemoryJournal(),
    control: new MemoryControl(),
    ticks: { send: async () => undefined },
    autoScaling: modelAutoScalingPort(cluster.aws),
    compute: modelComputePort(cluster.aws),
    metrics,
    clock,
    newId: randomUUID,
  };
  return Array.from({ length: instances }, () => ({ ...shared, nomad: connect() }));
}

/** Function instances with everything over HTTP: the real SDK clients, and dynalite for the table. */
export async function wirePorts(set: Stage, instances: number): Promise<Ports[]> {
  const { endpoint } = await startAwsFace(set.cluster.aws);
  const options = { ...AWS_CLIENT_OPTIONS, endpoint };
  await createNodeTable(new DynamoDBClient(options), TABLE);
  const queueUrl = `${endpoint}/${set.cluster.aws.account}/${set.queues.queue.name}`;
  return Array.from({ length: instances }, (_, index) => {
    const documents = createDocumentClient(new DynamoDBClient(options));
    return {
      ...others,
      breaker: createBreaker(documents, TABLE, clock),
      budget: createBudget(documents, TABLE, clock),
      nodes: createNodes(documents, TABLE),
      journal: createJournal(documents, { table: TABLE, retentionDays: 1, writerId: `${index}` }),
      control: createControl(documents, TABLE, clock),
      ticks: createTicks(new SQSClient(options), queueUrl),
      autoScaling: createAutoScaling(new AutoScalingClient(options), clock),
      compute: createCompute(new EC2Client(options), clock),
      nomad: set.connect(),
      metrics,
      clock,
      newId: randomUUID,
    };
  });
}
