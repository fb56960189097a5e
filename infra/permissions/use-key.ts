import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Permissions } from "../constructs/function-role.ts";
import { parameterArn } from "./parameter-arn.ts";

const ALIAS = /(^|:)(alias\/.+)$/;

/**
 * A use of a customer's key, by Parameter Store and for some parameters only.
 * @param keyId as configured: the ARN or id of a key, or the ARN or name of an alias.
 * @param parameters their names, with a wildcard: it is the key's encryption context.
 */
export function useKey(
  scope: Construct,
  keyId: string,
  action: string,
  parameters: string,
): Permissions {
  const stack = Stack.of(scope);
  const alias = ALIAS.exec(keyId)?.[2];
  const resource = keyArn(scope, alias ? "*" : keyId);
  return {
    statements: [
      new PolicyStatement({
        actions: [action],
        resources: [resource],
        conditions: {
          StringEquals: { "kms:ViaService": `ssm.${stack.region}.amazonaws.com` },
          StringLike: {
            "kms:EncryptionContext:PARAMETER_ARN": parameterArn(scope, parameters),
          },
          ...(alias && { "ForAnyValue:StringEquals": { "kms:ResourceAliases": alias } }),
        },
      }),
    ],
    wildcards: alias
      ? { [`Resource::${resource}`]: "A policy names a key by its alias in a condition only." }
      : {},
  };
}

function keyArn(scope: Construct, keyId: string): string {
  if (keyId.startsWith("arn:")) return keyId;
  return Stack.of(scope).formatArn({ service: "kms", resource: "key", resourceName: keyId });
}
