import { randomUUID } from "node:crypto";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AWS_CLIENT_OPTIONS } from "../clients/aws/client-options.ts";
import { createDocumentClient } from "../clients/aws/document-client.ts";
import { createHints } from "../clients/aws/hints.ts";
import { createOutcomes } from "../clients/aws/outcomes.ts";
import { createAgentSurvey } from "../clients/aws/survey-agents.ts";
import { createGroupSurvey } from "../clients/aws/survey-groups.ts";
import { createInstanceSurvey } from "../clients/aws/survey-instances.ts";
import { createRecordSurvey } from "../clients/aws/survey-records.ts";
import { createSweepRuns } from "../clients/aws/survey-runs.ts";
import { createFlowTicks } from "../clients/aws/survey-ticks.ts";
import { KnownHosts } from "../domain/sweep/known-hosts.ts";
import { RecentlyTold } from "../domain/sweep/recently-told.ts";
import type { Sweeper } from "../domain/sweep/sweeper.ts";
import { connectSystemsManager } from "./connect-systems-manager.ts";
import { readEnvironment } from "./environment.ts";
import type { Observability } from "./observability.ts";
import { connectSweepServers } from "./sweep-servers.ts";
import { within } from "./time-limit.ts";

/**
 * The sweep's composition root: reads the environment once and puts a real client behind every port.
 * @param variables the function's environment.
 * @throws naming the environment variable, configuration field or secret that is wrong.
 */
export async function composeSweep(
  { logger, metrics }: Observability,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<Sweeper> {
  const { config, table, hintQueues, bus } = readEnvironment(variables);
  const clock = { now: () => new Date() };
  const documents = createDocumentClient(new DynamoDBClient(AWS_CLIENT_OPTIONS));
  const secrets = new SecretsManagerClient(AWS_CLIENT_OPTIONS);
  const queues = new SQSClient(AWS_CLIENT_OPTIONS);
  const servers = await connectSweepServers({ config, clock, secrets, documents, table });
  const ports = {
    ...servers,
    groups: createGroupSurvey(new AutoScalingClient(AWS_CLIENT_OPTIONS)),
    instances: createInstanceSurvey(new EC2Client(AWS_CLIENT_OPTIONS)),
    agents: createAgentSurvey(connectSystemsManager()),
    records: createRecordSurvey(documents, table),
    runs: createSweepRuns(documents, table, clock),
    ticks: createFlowTicks(queues, hintQueues),
    hints: createHints(queues, hintQueues),
    outcomes: createOutcomes(new EventBridgeClient(AWS_CLIENT_OPTIONS), bus),
    metrics,
    log: {
      info: (text: string, details = {}) => logger.info(text, details),
      warn: (text: string, details = {}) => logger.warn(text, details),
    },
    clock,
    within,
    newId: randomUUID,
  };
  return { ports, config, told: new RecentlyTold(), hosts: new KnownHosts() };
}
