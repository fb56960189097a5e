import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import {
  createMachineParameters,
  type MachineParameters,
} from "../../../lambdas/clients/aws/machine-parameters.ts";
import { createMirrors, type ParameterMirrors } from "../../../lambdas/clients/aws/mirrors.ts";
import { createReloads, type Reloads } from "../../../lambdas/clients/aws/reloads.ts";
import { createRotationNews } from "../../../lambdas/clients/aws/rotation-news.ts";
import { createRotationQueue } from "../../../lambdas/clients/aws/rotation-queue.ts";
import { createSecretVersions } from "../../../lambdas/clients/aws/secret-versions.ts";
import type { RotationPorts } from "../../../lambdas/domain/rotate/ports.ts";
import type { AwsModel } from "../aws-model.ts";
import { inProcessClient } from "../http/in-process.ts";

/** What a rotation may touch of AWS, but for the table. */
type AwsRotationPorts = Pick<RotationPorts, "secrets" | "queue" | "news"> & {
  readonly reloads: Reloads;
  readonly parameters: ParameterMirrors;
  readonly machineParameters: MachineParameters;
};

export interface AwsRotationSettings {
  readonly deployment: string;
  /** Names a queue of the model. */
  readonly queue: string;
  /** Names a bus of the model. */
  readonly bus: string;
}

/** Drover's real clients over the model's own answers. */
export function modelRotationPorts(
  model: AwsModel,
  { deployment, queue, bus }: AwsRotationSettings,
): AwsRotationPorts {
  const options = inProcessClient(model);
  const ssm = new SSMClient(options);
  const autoScaling = new AutoScalingClient(options);
  return {
    secrets: createSecretVersions(new SecretsManagerClient(options)),
    parameters: createMirrors(ssm),
    machineParameters: createMachineParameters(ssm, model),
    reloads: createReloads({ ssm, autoScaling }, { deployment, whenToSend: queueMicrotask }),
    queue: createRotationQueue(new SQSClient(options), queue),
    news: createRotationNews(new EventBridgeClient(options), bus),
  };
}
