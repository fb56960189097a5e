import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AWS_CLIENT_OPTIONS } from "../clients/aws/client-options.ts";
import { createControl } from "../clients/aws/control.ts";
import { createDocumentClient } from "../clients/aws/document-client.ts";
import { createHints } from "../clients/aws/hints.ts";
import { createJournal } from "../clients/aws/journal.ts";
import { createNodes } from "../clients/aws/nodes.ts";
import { createOutcomes } from "../clients/aws/outcomes.ts";
import { createTicks } from "../clients/aws/ticks.ts";
import type { Ports } from "../domain/ports/index.ts";
import type { Flow } from "../domain/step.ts";
import type { Worker } from "../domain/worker.ts";
import { readEnvironment } from "./environment.ts";
import type { Observability } from "./observability.ts";
import type { Wiring } from "./wiring.ts";

/** What a flow works on; every flow has the other ports as well, for its records and its queue. */
export type Connections = Pick<
  Ports,
  | "nomad"
  | "consul"
  | "vault"
  | "introductions"
  | "autoScaling"
  | "compute"
  | "commands"
  | "breaker"
  | "budget"
>;

/**
 * The composition root: reads the environment once and puts a real client behind every port.
 * @param connect puts those behind the ports that are this flow's own affair.
 * @param variables the function's environment.
 * @throws naming the environment variable, configuration field or secret that is wrong.
 */
export async function composeWorker(
  flow: Flow,
  { metrics }: Observability,
  connect: (wiring: Wiring) => Promise<Connections>,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<Worker> {
  const { config, table, queueUrl, hintQueues, bus } = readEnvironment(variables);
  const clock = { now: () => new Date() };
  const documents = createDocumentClient(new DynamoDBClient(AWS_CLIENT_OPTIONS));
  const secrets = new SecretsManagerClient(AWS_CLIENT_OPTIONS);
  const queues = new SQSClient(AWS_CLIENT_OPTIONS);
  const ports = {
    nodes: createNodes(documents, table),
    control: createControl(documents, table, clock),
    journal: createJournal(documents, {
      table,
      retentionDays: config.journal.retentionDays,
      writerId: randomUUID().slice(0, 8),
    }),
    ticks: createTicks(queues, queueUrl),
    hints: createHints(queues, hintQueues),
    outcomes: createOutcomes(new EventBridgeClient(AWS_CLIENT_OPTIONS), bus),
    ...(await connect({ config, clock, secrets, documents, table })),
    metrics,
    clock,
    newId: randomUUID,
  };
  return { flow, ports, config };
}
