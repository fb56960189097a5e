import { ArnFormat, Stack } from "aws-cdk-lib";
import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { acknowledgeWildcards } from "../acknowledge-wildcards.ts";

/** What Lambda itself needs to put a function into a VPC (AWSLambdaVPCAccessExecutionRole). */
const NETWORK_INTERFACE_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** What a function may do, and why a wildcard in it is right. */
export interface Permissions {
  readonly statements: readonly PolicyStatement[];
  /** cdk-nag's finding, such as `Resource::*`, and the reason to accept it. */
  readonly wildcards: Readonly<Record<string, string>>;
  /** The secrets that it may read to talk to servers, by name or ARN as configured. @default none */
  readonly secrets?: readonly string[];
}

export interface FunctionRoleProps {
  readonly functionName: string;
  readonly logGroup: ILogGroup;
  readonly permissions: Permissions;
}

/** The role of one function: its log, its network interfaces, and its permissions. */
export class FunctionRole extends Role {
  constructor(scope: Construct, id: string, props: FunctionRoleProps) {
    super(scope, id, {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `What ${props.functionName} may do`,
    });
    props.logGroup.grantWrite(this);
    this.#attach("Network", networkInterfaces(functionArn(this, props.functionName)));
    this.#attach("Permissions", props.permissions);
  }

  // A policy inside the role's scope: the function, which depends on the role, waits for it.
  #attach(id: string, { statements, wildcards }: Permissions): void {
    const policy = new Policy(this, id, { statements: [...statements], roles: [this] });
    acknowledgeWildcards(policy, wildcards);
  }
}

function networkInterfaces(arn: string): Permissions {
  const all = { actions: NETWORK_INTERFACE_ACTIONS, resources: ["*"] };
  return {
    statements: [
      new PolicyStatement(all),
      // Lambda acts under this role before the code runs; the code itself has no use for it.
      new PolicyStatement({
        ...all,
        effect: Effect.DENY,
        conditions: { ArnEquals: { "lambda:SourceFunctionArn": arn } },
      }),
    ],
    wildcards: {
      "Resource::*":
        "Lambda makes the network interfaces before they have an ARN, and the describe calls know " +
        "no resource. The function's own code is denied all of these actions.",
    },
  };
}

function functionArn(scope: Construct, functionName: string): string {
  return Stack.of(scope).formatArn({
    service: "lambda",
    resource: "function",
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
