import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import {
  isPublished,
  type PublishedRotation,
  wrappedOf,
} from "../../lambdas/contracts/config/rotate.ts";
import type { Config } from "../../lambdas/contracts/config.ts";
import { reloadDocument } from "../../lambdas/contracts/events/command-event.ts";
import type { Permissions } from "../constructs/function-role.ts";
import { combine } from "./combine.ts";
import type { Deployment } from "./deployment.ts";
import { describe } from "./describe.ts";
import { makeTagged } from "./introduction-parameters.ts";
import { NOTHING } from "./nothing.ts";
import { tellOutcomes, useTable } from "./own-resources.ts";
import { parameterArn } from "./parameter-arn.ts";
import { readMintingAndWatchedSecrets } from "./read-secrets.ts";
import { secretArn } from "./secret-arn.ts";
import { sendToGroups } from "./send-to-groups.ts";

/** What rotate-tokens needs of AWS for the rotations that are configured, and nothing more. */
export function rotateTokensPermissions(
  scope: Construct,
  { config, table, bus }: Deployment,
): Permissions {
  const published = (config.rotate?.of ?? []).filter(isPublished);
  return combine(
    useTable(table, "dynamodb:Query"),
    tellOutcomes(bus),
    rotateSecrets(scope, published),
    writeParameters(scope, published),
    deliverWrapped(scope, published),
    reloadConsumers(scope, config, published),
    findConsulAgents(published),
    readMintingAndWatchedSecrets(scope, config),
  );
}

function rotateSecrets(scope: Construct, published: readonly PublishedRotation[]): Permissions {
  const resources = unique(published.map(({ secret }) => secretArn(scope, secret)));
  if (resources.length === 0) return NOTHING;
  const actions = [
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
  ];
  return combine(
    { statements: [new PolicyStatement({ actions, resources })], wildcards: {} },
    useKeysOf(scope, "secretsmanager", ["kms:Decrypt", "kms:GenerateDataKey"], {
      "kms:EncryptionContext:SecretARN": resources,
    }),
  );
}

function writeParameters(scope: Construct, published: readonly PublishedRotation[]): Permissions {
  const names = unique(published.flatMap(({ parameter }) => parameter ?? []));
  if (names.length === 0) return NOTHING;
  const resources = names.map((name) => parameterArn(scope, name));
  const actions = ["ssm:GetParameter", "ssm:PutParameter"];
  return combine(
    { statements: [new PolicyStatement({ actions, resources })], wildcards: {} },
    describe("ssm:DescribeParameters"),
    // A parameter of the standard tier is encrypted by the key itself, a longer one under a data key.
    useKeysOf(scope, "ssm", ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], {
      "kms:EncryptionContext:PARAMETER_ARN": resources,
    }),
  );
}

/** What each machine gets is under the stack's own key; a parameter of the standard tier by that itself. */
function deliverWrapped(scope: Construct, published: readonly PublishedRotation[]): Permissions {
  const wrapped = wrappedOf(published);
  if (wrapped.length === 0) return NOTHING;
  const names = wrapped.map(({ path }) => `${path}/*`);
  return combine(
    describe("autoscaling:DescribeAutoScalingGroups"),
    makeTagged(scope, names),
    useKeysOf(scope, "ssm", ["kms:Encrypt"], {
      "kms:EncryptionContext:PARAMETER_ARN": names.map((name) => parameterArn(scope, name)),
    }),
  );
}

/**
 * The use of whatever key of the account some resources are encrypted with: which one it is, is said by the
 * resource and not by the configuration. The key's own policy has to allow it, too.
 * @param service through which alone the key is used.
 * @param context the keys' encryption context: the ARNs of the resources, with a wildcard.
 */
function useKeysOf(
  scope: Construct,
  service: string,
  actions: string[],
  context: Readonly<Record<string, readonly string[]>>,
): Permissions {
  const stack = Stack.of(scope);
  const keys = stack.formatArn({ service: "kms", resource: "key", resourceName: "*" });
  const conditions = {
    StringEquals: { "kms:ViaService": `${service}.${stack.region}.amazonaws.com` },
    StringLike: context,
  };
  return {
    statements: [new PolicyStatement({ actions, resources: [keys], conditions })],
    wildcards: {
      [`Resource::${keys}`]:
        "Each secret and parameter says itself which key it is under; the condition names them one by one.",
    },
  };
}

function reloadConsumers(
  scope: Construct,
  { name }: Config,
  published: readonly PublishedRotation[],
): Permissions {
  const groups = unique(published.flatMap(({ reload }) => reload?.groups ?? []));
  if (groups.length === 0) return NOTHING;
  return combine(
    describe(
      "autoscaling:DescribeAutoScalingGroups",
      "ssm:GetCommandInvocation",
      "ssm:ListCommandInvocations",
    ),
    sendToGroups(scope, reloadDocument(name), groups),
  );
}

/** Their machines, and where those are; what is told them, they are told by Consul's own API. */
function findConsulAgents(published: readonly PublishedRotation[]): Permissions {
  const isNamed = published.some((each) => "agents" in each && each.agents);
  return isNamed
    ? describe("autoscaling:DescribeAutoScalingGroups", "ec2:DescribeInstances")
    : NOTHING;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
