import { Effect, ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { IntroductionConfig } from "../../lambdas/contracts/config/introduction.ts";
import { INSTANCE_TAG_KEY } from "../../lambdas/contracts/introduction.ts";
import { acknowledgeWildcards } from "../acknowledge-wildcards.ts";
import { parameterArn } from "../permissions/parameter-arn.ts";
import { useKey } from "../permissions/use-key.ts";

export interface IntroductionAccessProps {
  readonly introduction: IntroductionConfig;
  /** The deployment's name, and the first part of the policy's. */
  readonly deployment: string;
}

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

/**
 * A policy for the role of the client instances: each reads the introduction that was made for it, and
 * writes its report over the empty one that was. It can make no parameter, so that none can lie in
 * wait under another's name. The Denies are for what else the role has: AmazonSSMManagedInstanceCore allows
 * reading every parameter of the account.
 */
export class IntroductionAccess extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: IntroductionAccessProps) {
    super(scope, id);
    const { path, kmsKeyId } = props.introduction;
    const introductions = parameterArn(this, `${path}/*/introduction`);
    const reports = parameterArn(this, `${path}/*/report`);
    const all = parameterArn(this, `${path}/*`);
    const key = kmsKeyId
      ? useKey(this, kmsKeyId, "kms:Decrypt", `${path}/*/introduction`)
      : { statements: [], wildcards: {} };
    this.policy = new ManagedPolicy(this, "Policy", {
      managedPolicyName: `${props.deployment}-introduction`,
      description: "Attach it to the role of the instances that Drover introduces",
      statements: [
        new PolicyStatement({
          actions: ["ssm:GetParameter"],
          resources: [introductions],
          conditions: OWN_PARAMETER,
        }),
        new PolicyStatement({
          actions: ["ssm:PutParameter"],
          resources: [reports],
          conditions: OWN_PARAMETER,
        }),
        new PolicyStatement({
          effect: Effect.DENY,
          actions: OTHERS_DENIED,
          resources: [all],
          conditions: { StringNotEquals: { [TAG]: OWN_ARN } },
        }),
        // Without the ARN there is nothing to compare with, and the Deny above does not apply: a session
        // of the role that the metadata service did not give.
        new PolicyStatement({
          effect: Effect.DENY,
          actions: OTHERS_DENIED,
          resources: [all],
          conditions: { Null: { "ec2:SourceInstanceARN": "true" } },
        }),
        new PolicyStatement({ effect: Effect.DENY, actions: ALL_DENIED, resources: [all] }),
        // Who may read a path may read all below it, whatever is denied there.
        new PolicyStatement({
          effect: Effect.DENY,
          actions: ["ssm:GetParametersByPath"],
          resources: pathsAbove(path).map((each) => parameterArn(this, each)),
        }),
        ...key.statements,
      ],
    });
    const reason = "The condition leaves each instance the one parameter that bears its own ARN.";
    acknowledgeWildcards(this.policy, {
      [`Resource::${introductions}`]: reason,
      [`Resource::${reports}`]: reason,
      ...key.wildcards,
    });
  }
}

/** `/`, `/drover` and `/drover/nodes`. */
function pathsAbove(path: string): string[] {
  const parts = path.split("/").slice(1);
  const paths = parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
  return ["/", ...paths];
}
