import { randomUUID } from "node:crypto";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AWS_CLIENT_OPTIONS } from "../clients/aws/client-options.ts";
import { createControl } from "../clients/aws/control.ts";
import { createDocumentClient } from "../clients/aws/document-client.ts";
import { createMachineParameters } from "../clients/aws/machine-parameters.ts";
import { createMirrors } from "../clients/aws/mirrors.ts";
import { createPrivateAddresses } from "../clients/aws/private-address.ts";
import { createReloads } from "../clients/aws/reloads.ts";
import { createRotationJournal } from "../clients/aws/rotation-journal.ts";
import { createRotationNews } from "../clients/aws/rotation-news.ts";
import { createRotationQueue } from "../clients/aws/rotation-queue.ts";
import { createRotations } from "../clients/aws/rotations.ts";
import { createSecretVersions } from "../clients/aws/secret-versions.ts";
import { fetchText } from "../clients/aws/secrets.ts";
import { createWatchRecord } from "../clients/aws/watch-record.ts";
import type { ConsulOptions } from "../clients/consul/create-consul.ts";
import { type AgentTokens, createAgentTokens } from "../clients/consul/rotate/agent-tokens.ts";
import { createVariableMirrors } from "../clients/nomad/rotate/variable.ts";
import { createConsumersOf } from "../clients/rotation-consumers.ts";
import { createMirrorsOf } from "../clients/rotation-mirrors.ts";
import { vaultWrappings } from "../clients/vault/rotate/wrappings.ts";
import { createWatched } from "../clients/watch/create-watched.ts";
import { issuedBy } from "../contracts/config/issued-by.ts";
import { asMinting } from "../contracts/config/minting.ts";
import { ownTrust } from "../contracts/config/own-trust.ts";
import type { Rotation } from "../contracts/config/rotate.ts";
import { watchedIn } from "../contracts/config/watched.ts";
import { mirrorKeyAlias } from "../contracts/mirror-key.ts";
import type { Rotator } from "../domain/rotate/rotator.ts";
import { connectSystemsManager } from "./connect-systems-manager.ts";
import { readEnvironment } from "./environment.ts";
import { connectMintingServers } from "./minting-servers.ts";
import type { Observability } from "./observability.ts";
import { createKinds, there, vaultOf } from "./rotation-kinds.ts";
import { within } from "./time-limit.ts";
import { watchServers } from "./watch-servers.ts";

/**
 * The composition root of rotate-tokens: reads the environment once and puts a real client behind every port.
 * @param variables the function's environment.
 * @throws naming the environment variable, configuration field or secret that is wrong.
 */
export async function composeRotateTokens(
  { metrics }: Observability,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<Rotator> {
  const { config, table, queueUrl, bus } = readEnvironment(variables);
  const { name: deployment, journal, rotate, account, region } = config;
  if (!rotate)
    throw new Error("rotate: is missing in the configuration, and this function is for it");
  const clock = { now: () => new Date() };
  const documents = createDocumentClient(new DynamoDBClient(AWS_CLIENT_OPTIONS));
  const secrets = new SecretsManagerClient(AWS_CLIENT_OPTIONS);
  const ssm = connectSystemsManager();
  const autoScaling = new AutoScalingClient(AWS_CLIENT_OPTIONS);
  const wiring = { config: asMinting(config), clock, secrets, documents, table };
  const servers = await connectMintingServers(wiring);
  const ports = {
    rotations: createRotations(documents, table),
    secrets: createSecretVersions(secrets),
    mirrorsOf: createMirrorsOf({
      parameters: createMirrors(ssm, { newUnder: mirrorKeyAlias(deployment) }),
      variables: servers.nomad && createVariableMirrors(servers.nomad),
    }),
    consumersOf: createConsumersOf({
      reloads: createReloads({ ssm, autoScaling }, { deployment }),
      agentTokens: servers.consul && agentTokens(servers.consul.options),
      parameters: createMachineParameters(ssm, {
        account,
        region,
        kmsKeyId: mirrorKeyAlias(deployment),
      }),
      wrappingsOf: (rotation) => vaultWrappings(there(vaultOf(servers, rotation))),
      clock,
    }),
    issuedBy: (rotation: Rotation) => issuedBy(rotation, config),
    ownTrust: ownTrust(config),
    kindOf: createKinds(servers, wiring),
    queue: createRotationQueue(new SQSClient(AWS_CLIENT_OPTIONS), queueUrl),
    journal: createRotationJournal(documents, {
      table,
      retentionDays: journal.retentionDays,
      writerId: randomUUID().slice(0, 8),
    }),
    watch: createWatchRecord(documents, table),
    news: createRotationNews(new EventBridgeClient(AWS_CLIENT_OPTIONS), bus),
    control: createControl(documents, table, clock),
    metrics,
    clock,
    within,
    newId: randomUUID,
  };
  const access = {
    servers: watchServers({ ...wiring, config }, servers),
    text: (secret: string) => fetchText(secrets, secret),
    clock,
  };
  const watched = watchedIn(config).map((credential) => createWatched(credential, access));
  return { rotations: rotate.of, watched, ports };
}

function agentTokens(consul: ConsulOptions): AgentTokens {
  const addressOf = createPrivateAddresses(new EC2Client(AWS_CLIENT_OPTIONS));
  return createAgentTokens({ consul, addressOf });
}
