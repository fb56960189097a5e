import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Config } from "../../lambdas/contracts/config.ts";
import { INSTANCE_TAG_KEY } from "../../lambdas/contracts/introduction.ts";
import type { Permissions } from "../constructs/function-role.ts";
import { combine } from "./combine.ts";
import { NOTHING } from "./nothing.ts";
import { parameterArn } from "./parameter-arn.ts";
import { useKey } from "./use-key.ts";

/** Reading what instances have reported, and deleting that and what they were given. */
export function removeIntroductions(scope: Construct, { introduction }: Config): Permissions {
  if (!introduction) return NOTHING;
  const { path } = introduction;
  return combine(
    onParameters(scope, [`${path}/*`], ["ssm:DeleteParameters"]),
    onParameters(scope, [`${path}/*/report`], ["ssm:GetParameters"]),
  );
}

/**
 * Giving new instances what they need, besides all of the above. Whether one has been given something is
 * looked for without decryption: with a key of the customer's own, no function can read it.
 */
export function writeIntroductions(scope: Construct, config: Config): Permissions {
  const { introduction } = config;
  if (!introduction) return NOTHING;
  const { path, kmsKeyId } = introduction;
  return combine(
    removeIntroductions(scope, config),
    onParameters(scope, [`${path}/*`], ["ssm:GetParameters"]),
    putTagged(scope, [`${path}/*`]),
    // Only parameters of the advanced tier expire, and those are encrypted under data keys.
    kmsKeyId ? useKey(scope, kmsKeyId, "kms:GenerateDataKey", `${path}/*/introduction`) : NOTHING,
  );
}

/** Making parameters that bear the ARN of their instance, and deleting them. */
export function makeTagged(scope: Construct, names: readonly string[]): Permissions {
  return combine(putTagged(scope, names), onParameters(scope, names, ["ssm:DeleteParameter"]));
}

function putTagged(scope: Construct, names: readonly string[]): Permissions {
  return combine(
    onParameters(scope, names, ["ssm:PutParameter"]),
    // PutParameter needs it to make a parameter with tags.
    onParameters(scope, names, ["ssm:AddTagsToResource"], {
      "ForAllValues:StringEquals": { "aws:TagKeys": [INSTANCE_TAG_KEY] },
    }),
  );
}

function onParameters(
  scope: Construct,
  names: readonly string[],
  actions: string[],
  conditions?: PolicyStatement["conditions"],
): Permissions {
  const resources = names.map((name) => parameterArn(scope, name));
  const reason =
    "Each instance has parameters of its own under this path, which is Drover's alone.";
  return {
    statements: [new PolicyStatement({ actions, resources, ...(conditions && { conditions }) })],
    wildcards: Object.fromEntries(resources.map((arn) => [`Resource::${arn}`, reason])),
  };
}
