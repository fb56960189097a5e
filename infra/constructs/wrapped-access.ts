import { Stack } from "aws-cdk-lib";
import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { acknowledgeWildcards } from "../acknowledge-wildcards.ts";
import { parameterArn } from "../permissions/parameter-arn.ts";
import { denyOthersParameters, useOwnParameters } from "./own-parameters.ts";

export interface WrappedAccessProps {
  /** Where the parameters lie, `<path>/<instance id>`. */
  readonly paths: readonly string[];
  /** That they are encrypted with. */
  readonly key: IKey;
  /** The deployment's name, and the first part of the policy's. */
  readonly deployment: string;
}

/** A policy for the role of machines that are given wrapped values: each reads its own. */
export class WrappedAccess extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { paths, key, deployment }: WrappedAccessProps) {
    super(scope, id);
    const names = paths.map((path) => `${path}/*`);
    const arns = names.map((name) => parameterArn(this, name));
    this.policy = new ManagedPolicy(this, "Policy", {
      managedPolicyName: `${deployment}-wrapped`,
      description: "Attach it to the role of the instances that wrapped values are for",
      statements: [
        ...names.map((name) => useOwnParameters(this, name, "ssm:GetParameter")),
        ...paths.flatMap((path) => denyOthersParameters(this, path)),
        new PolicyStatement({
          actions: ["kms:Decrypt"],
          resources: [key.keyArn],
          conditions: {
            StringEquals: { "kms:ViaService": `ssm.${Stack.of(this).region}.amazonaws.com` },
            StringLike: { "kms:EncryptionContext:PARAMETER_ARN": arns },
          },
        }),
      ],
    });
    const reason = "The condition leaves each instance the one parameter that bears its own ARN.";
    acknowledgeWildcards(
      this.policy,
      Object.fromEntries(arns.map((arn) => [`Resource::${arn}`, reason])),
    );
  }
}
