import { Stack } from "aws-cdk-lib";
import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { ConfigError } from "../../lambdas/contracts/config.ts";
import { acknowledgeWildcards } from "../acknowledge-wildcards.ts";
import { parameterArn } from "../permissions/parameter-arn.ts";
import { denyOthersParameters, useOwnParameters } from "./own-parameters.ts";
import { charactersLeft, POLICY_CHARACTERS } from "./policy-characters.ts";

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

  /** @throws {ConfigError} when there are more paths than one policy can name. */
  constructor(scope: Construct, id: string, { paths, key, deployment }: WrappedAccessProps) {
    super(scope, id);
    const names = paths.map((path) => `${path}/*`);
    const arns = names.map((name) => parameterArn(this, name));
    const statements = [
      useOwnParameters(this, names, "ssm:GetParameter"),
      ...denyOthersParameters(this, paths),
      new PolicyStatement({
        actions: ["kms:Decrypt"],
        resources: [key.keyArn],
        conditions: {
          StringEquals: { "kms:ViaService": `ssm.${Stack.of(this).region}.amazonaws.com` },
          StringLike: { "kms:EncryptionContext:PARAMETER_ARN": arns },
        },
      }),
    ];
    const tooMany = -charactersLeft(this, statements);
    if (tooMany > 0) {
      throw new ConfigError(
        `rotate.of: the ${paths.length} paths of \`wrapped\` are ${tooMany} characters more than the policy ` +
          `${deployment}-wrapped takes, which has ${POLICY_CHARACTERS}: choose shorter ones, or move some to a ` +
          "deployment of their own",
      );
    }
    this.policy = new ManagedPolicy(this, "Policy", {
      managedPolicyName: `${deployment}-wrapped`,
      description: "Attach it to the role of the instances that wrapped values are for",
      statements,
    });
    const reason = "The condition leaves each instance the one parameter that bears its own ARN.";
    acknowledgeWildcards(
      this.policy,
      Object.fromEntries(arns.map((arn) => [`Resource::${arn}`, reason])),
    );
  }
}
