import { RemovalPolicy } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { mirrorKeyAlias } from "../../lambdas/contracts/mirror-key.ts";

/**
 * The key of the parameters that rotate-tokens makes. Who may use it, the identity policies of the account say:
 * consumers need kms:Decrypt. It outlives the stack, since the parameters do.
 */
export class MirrorKey extends Key {
  constructor(scope: Construct, id: string, deployment: string) {
    super(scope, id, {
      alias: mirrorKeyAlias(deployment),
      description: `Parameters that ${deployment}-rotate-tokens makes`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
