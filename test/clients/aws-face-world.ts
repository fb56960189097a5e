import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { onTestFinished } from "vitest";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { startAwsFace } from "../../local/aws/http/aws-face.ts";
import { VirtualClock } from "../../local/clock.ts";

/** A model in virtual time, its face, and real SDK clients on it, for one test. */
export async function startFaceWorld() {
  const clock = new VirtualClock();
  const model = new AwsModel({ clock });
  const face = await startAwsFace(model);
  onTestFinished(() => face.close());
  const options = { endpoint: face.endpoint, region: model.region, maxAttempts: 3 };
  return {
    clock,
    model,
    endpoint: face.endpoint,
    autoScaling: new AutoScalingClient(options),
    dynamoDb: new DynamoDBClient(options),
    ec2: new EC2Client(options),
    eventBridge: new EventBridgeClient(options),
    secrets: new SecretsManagerClient(options),
    sqs: new SQSClient(options),
    ssm: new SSMClient(options),
  };
}
