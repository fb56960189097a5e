import { randomUUID } from "node:crypto";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createAutoScaling } from "../clients/aws/auto-scaling.ts";
import { AWS_CLIENT_OPTIONS } from "../clients/aws/client-options.ts";
import { createCompute } from "../clients/aws/compute.ts";
import { createControl } from "../clients/aws/control.ts";
import { createDocumentClient } from "../clients/aws/document-client.ts";
import { createJournal } from "../clients/aws/journal.ts";
import { createNodes } from "../clients/aws/nodes.ts";
import { createTicks } from "../clients/aws/ticks.ts";
import type { Flow } from "../domain/step.ts";
import type { Worker } from "../domain/work.ts";
import { connectNomad } from "./connect-nomad.ts";
import { readEnvironment } from "./environment.ts";
import type { Observability } from "./observability.ts";

/**
 * The composition root: reads the environment once and puts a real client behind every port.
 * @throws naming the environment variable, configuration field or secret that is wrong.
 */
export async function composeWorker(flow: Flow, { metrics }: Observability): Promise<Worker> {
  const { config, table, queueUrl } = readEnvironment(process.env);
  const clock = { now: () => new Date() };
  const documents = createDocumentClient(new DynamoDBClient(AWS_CLIENT_OPTIONS));
  const secrets = new SecretsManagerClient(AWS_CLIENT_OPTIONS);
  const ports = {
    nodes: createNodes(documents, table),
    control: createControl(documents, table, clock),
    journal: createJournal(documents, {
      table,
      retentionDays: config.journal.retentionDays,
      writerId: randomUUID().slice(0, 8),
    }),
    ticks: createTicks(new SQSClient(AWS_CLIENT_OPTIONS), queueUrl),
    nomad: await connectNomad(config.nomad, secrets, clock),
    autoScaling: createAutoScaling(new AutoScalingClient(AWS_CLIENT_OPTIONS), clock),
    compute: createCompute(new EC2Client(AWS_CLIENT_OPTIONS)),
    metrics,
    clock,
    newId: randomUUID,
  };
  return { flow, ports, config };
}
