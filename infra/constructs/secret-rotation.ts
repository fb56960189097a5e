import { Stack } from "aws-cdk-lib";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { CfnRotationSchedule } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { isPublished, type RotateConfig } from "../../lambdas/contracts/config/rotate.ts";
import { rotationRules } from "../rotation-rules.ts";
import type { MadeSecrets } from "./made-secrets.ts";

export interface SecretRotationProps {
  readonly rotate: RotateConfig;
  /** rotate-tokens. */
  readonly function: LambdaFunction;
  /** The secrets that the stack makes. @default none */
  readonly made?: MadeSecrets | undefined;
}

/**
 * Has Secrets Manager rotate the secrets of a configuration by its own schedule. Each is named as configured,
 * whoever has made it: a schedule that names it otherwise is another one, and CloudFormation, which deletes the
 * former last, would leave the secret with none.
 */
export class SecretRotation extends Construct {
  constructor(scope: Construct, id: string, { rotate, function: fn, made }: SecretRotationProps) {
    super(scope, id);
    const rotations = rotate.of
      .filter(isPublished)
      .filter(({ startedBy }) => startedBy === "secrets-manager");
    if (rotations.length === 0) return;
    fn.addPermission("SecretsManager", {
      principal: new ServicePrincipal("secretsmanager.amazonaws.com"),
      sourceAccount: Stack.of(this).account,
    });
    for (const rotation of rotations) {
      const schedule = new CfnRotationSchedule(this, rotation.name, {
        secretId: rotation.secret,
        rotationLambdaArn: fn.functionArn,
        rotationRules: rotationRules(rotation),
        // To deploy is not to rotate: Secrets Manager only tries what is current.
        rotateImmediatelyOnUpdate: false,
      });
      // Secrets Manager calls the function while the schedule is made.
      schedule.node.addDependency(fn);
      const secret = made?.find(rotation.secret);
      if (secret) schedule.node.addDependency(secret);
    }
  }
}
