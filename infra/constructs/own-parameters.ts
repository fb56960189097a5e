import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { INSTANCE_TAG_KEY } from "../../lambdas/contracts/introduction.ts";
import { parameterArn } from "../permissions/parameter-arn.ts";

const OWN_ARN = "$" + "{ec2:SourceInstanceARN}";
const TAG = `aws:ResourceTag/${INSTANCE_TAG_KEY}`;

/**
 * The caller is the instance whose ARN the parameter is tagged with. `ec2:SourceInstanceARN` is in the
 * credentials that the metadata service gives an instance, and no caller can choose it.
 */
const OWN_PARAMETER = {
  Null: { "ec2:SourceInstanceARN": "false" },
  StringEquals: { [TAG]: OWN_ARN },
};

/** What an instance may not do with others' parameters, whatever other policies its role has. */
const OTHERS_DENIED = [
  "ssm:GetParameter",
  "ssm:GetParameterHistory",
  "ssm:GetParameters",
  "ssm:GetParametersByPath",
  "ssm:PutParameter",
];

/** Nor with its own: the tag says whose a parameter is, and Drover alone deletes them. */
const ALL_DENIED = [
  "ssm:AddTagsToResource",
  "ssm:DeleteParameter",
  "ssm:DeleteParameters",
  "ssm:RemoveTagsFromResource",
];

/** Each instance reads, or overwrites, the one of some parameters that bears its own ARN, and makes none. */
export function useOwnParameters(
  scope: Construct,
  names: readonly string[],
  action: "ssm:GetParameter" | "ssm:PutParameter",
): PolicyStatement {
  const resources = names.map((name) => parameterArn(scope, name));
  return new PolicyStatement({ actions: [action], resources, conditions: OWN_PARAMETER });
}

/**
 * No instance does anything with others' parameters under some paths, whatever else its role has:
 * AmazonSSMManagedInstanceCore allows reading every parameter of the account.
 */
export function denyOthersParameters(
  scope: Construct,
  paths: readonly string[],
): PolicyStatement[] {
  const resources = paths.map((path) => parameterArn(scope, `${path}/*`));
  const above = new Set(paths.flatMap(pathsAbove));
  return [
    new PolicyStatement({
      effect: Effect.DENY,
      actions: OTHERS_DENIED,
      resources,
      conditions: { StringNotEquals: { [TAG]: OWN_ARN } },
    }),
    // Without the ARN there is nothing to compare with, and the Deny above does not apply: a session
    // of the role that the metadata service did not give.
    new PolicyStatement({
      effect: Effect.DENY,
      actions: OTHERS_DENIED,
      resources,
      conditions: { Null: { "ec2:SourceInstanceARN": "true" } },
    }),
    new PolicyStatement({ effect: Effect.DENY, actions: ALL_DENIED, resources }),
    // Who may read a path may read all below it, whatever is denied there.
    new PolicyStatement({
      effect: Effect.DENY,
      actions: ["ssm:GetParametersByPath"],
      resources: [...above].map((each) => parameterArn(scope, each)),
    }),
  ];
}

/** `/`, `/drover` and `/drover/nodes`. */
function pathsAbove(path: string): string[] {
  const parts = path.split("/").slice(1);
  const paths = parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
  return ["/", ...paths];
}
