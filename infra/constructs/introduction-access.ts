import { ManagedPolicy } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { IntroductionConfig } from "../../lambdas/contracts/config/introduction.ts";
import { acknowledgeWildcards } from "../acknowledge-wildcards.ts";
import { parameterArn } from "../permissions/parameter-arn.ts";
import { useKey } from "../permissions/use-key.ts";
import { denyOthersParameters, useOwnParameters } from "./own-parameters.ts";

export interface IntroductionAccessProps {
  readonly introduction: IntroductionConfig;
  /** The deployment's name, and the first part of the policy's. */
  readonly deployment: string;
}

/**
 * A policy for the role of the client instances: each reads the introduction that was made for it, and
 * writes its report over the empty one that was. It can make no parameter, so that none can lie in
 * wait under another's name.
 */
export class IntroductionAccess extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: IntroductionAccessProps) {
    super(scope, id);
    const { path, kmsKeyId } = props.introduction;
    const introductions = `${path}/*/introduction`;
    const reports = `${path}/*/report`;
    const key = kmsKeyId
      ? useKey(this, kmsKeyId, "kms:Decrypt", introductions)
      : { statements: [], wildcards: {} };
    this.policy = new ManagedPolicy(this, "Policy", {
      managedPolicyName: `${props.deployment}-introduction`,
      description: "Attach it to the role of the instances that Drover introduces",
      statements: [
        useOwnParameters(this, [introductions], "ssm:GetParameter"),
        useOwnParameters(this, [reports], "ssm:PutParameter"),
        ...denyOthersParameters(this, [path]),
        ...key.statements,
      ],
    });
    const reason = "The condition leaves each instance the one parameter that bears its own ARN.";
    acknowledgeWildcards(this.policy, {
      [`Resource::${parameterArn(this, introductions)}`]: reason,
      [`Resource::${parameterArn(this, reports)}`]: reason,
      ...key.wildcards,
    });
  }
}
