import { DefaultStackSynthesizer, Fn, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import {
  ArnPrincipal,
  Effect,
  type IRole,
  PolicyDocument,
  PolicyStatement,
  StarPrincipal,
} from "aws-cdk-lib/aws-iam";
import type { Key } from "aws-cdk-lib/aws-kms";
import { CfnResourcePolicy, CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";

export interface MadeSecretProps {
  /** Its name. */
  readonly secret: string;
  readonly key: Key;
  /** The role of rotate-tokens. */
  readonly rotator: IRole;
  /** ARNs of roles and users that read it. */
  readonly readers: readonly string[];
  /** ARNs of roles and users that may put another value into it. */
  readonly operators: readonly string[];
}

/** Once it is deployed. What a deployment that failed leaves behind would keep its name from the next one. */
const OUTLIVES = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
const NO_SCHEDULE_OF_ITS_OWN =
  "It is rotated: by Drover's own schedule, or by a schedule of Secrets Manager that has it by its name.";

/**
 * A secret without a value, which its first rotation gives it, and who may use it. It outlives the stack, and so
 * does its policy.
 */
export class MadeSecret extends Construct {
  constructor(scope: Construct, id: string, props: MadeSecretProps) {
    super(scope, id);
    const { secret: name, key } = props;
    const secret = new CfnSecret(this, "Secret", { name, kmsKeyId: key.keyArn });
    const policy = new CfnResourcePolicy(this, "Policy", {
      secretId: secret.ref,
      resourcePolicy: new PolicyDocument({ statements: whoMayUseIt(this, props) }),
      blockPublicPolicy: true,
    });
    for (const each of [secret, policy]) each.applyRemovalPolicy(OUTLIVES);
    Validations.of(secret).acknowledge({
      id: "AwsSolutions-SMG4",
      reason: NO_SCHEDULE_OF_ITS_OWN,
    });
  }
}

/**
 * Nothing that CloudFormation does with a secret is denied to whoever deploys, or the policy could never be
 * changed again.
 */
function whoMayUseIt(
  scope: Construct,
  { rotator, readers, operators }: MadeSecretProps,
): PolicyStatement[] {
  const writers = [rotator.roleArn, ...operators];
  // CloudFormation reads what it has made, the value too.
  const all = [...writers, ...readers, ...deployingRole(scope)];
  return [
    ...(readers.length > 0 ? [letRead(readers)] : []),
    denyBut(all, "secretsmanager:GetSecretValue"),
    denyBut(writers, "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"),
  ];
}

function letRead(readers: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    principals: readers.map((arn) => new ArnPrincipal(arn)),
    actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
    resources: ["*"],
  });
}

function denyBut(principals: readonly string[], ...actions: string[]): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    principals: [new StarPrincipal()],
    actions,
    resources: ["*"],
    conditions: { ArnNotEquals: { "aws:PrincipalArn": [...principals] } },
  });
}

/** The role by which CloudFormation deploys this stack, unless it does so in its caller's name. */
function deployingRole(scope: Construct): string[] {
  const { synthesizer } = Stack.of(scope);
  if (!(synthesizer instanceof DefaultStackSynthesizer)) return [];
  return [Fn.sub(synthesizer.cloudFormationExecutionRoleArn)];
}
