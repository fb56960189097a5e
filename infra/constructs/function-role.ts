import { ArnFormat, Stack } from "aws-cdk-lib";
import {
  Effect,
  ManagedPolicy,
  Policy,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from "aws-cdk-lib/aws-iam";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { ConfigError } from "../../lambdas/contracts/config.ts";
import { acknowledgeWildcards } from "../acknowledge-wildcards.ts";
import { POLICY_CHARACTERS } from "./policy-characters.ts";
import { spreadStatements } from "./spread-statements.ts";

/** What Lambda itself needs to put a function into a VPC (AWSLambdaVPCAccessExecutionRole). */
const NETWORK_INTERFACE_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** Without a higher quota, IAM attaches no more of them to a role. */
const MANAGED_POLICIES = 10;

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

/**
 * The role of one function: its log, its network interfaces, and its permissions. All policies in a role may have
 * 10,240 characters together: what is more than one policy takes is in managed ones, which are attached to it.
 */
export class FunctionRole extends Role {
  /** @throws {ConfigError} when the permissions are more than a role takes. */
  constructor(scope: Construct, id: string, { functionName, ...props }: FunctionRoleProps) {
    super(scope, id, {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `What ${functionName} may do`,
    });
    props.logGroup.grantWrite(this);
    const network = networkInterfaces(functionArn(this, functionName));
    acknowledgeWildcards(this.#policy("Network", network.statements), network.wildcards);
    this.#attach(functionName, props.permissions);
  }

  #attach(functionName: string, permissions: Permissions): void {
    const [first = [], ...more] = spreadStatements(this, permissions.statements);
    if (more.length > MANAGED_POLICIES) {
      throw new ConfigError(
        `what ${functionName} may do takes ${more.length + 1} policies of ${POLICY_CHARACTERS} characters, and a ` +
          `role can have ${MANAGED_POLICIES + 1} of them: it names each secret, parameter and group that the ` +
          "configuration does; move some to a deployment of their own",
      );
    }
    const policies = [
      this.#policy("Permissions", first),
      ...more.map((statements, index) => this.#managedPolicy(index + 2, statements, functionName)),
    ];
    for (const [index, policy] of policies.entries()) {
      acknowledgeWildcards(policy, permissions.wildcards);
      const next = policies[index + 1];
      // Where there is more to allow than before, it moves to a later policy: that has it before this one lacks it.
      if (next) policy.node.addDependency(next);
    }
  }

  // A policy inside the role's scope: the function, which depends on the role, waits for it.
  #policy(id: string, statements: readonly PolicyStatement[]): Policy {
    return new Policy(this, id, { statements: [...statements], roles: [this] });
  }

  #managedPolicy(n: number, statements: PolicyStatement[], functionName: string): ManagedPolicy {
    const description = `What ${functionName} may do, part ${n}`;
    return new ManagedPolicy(this, `Permissions${n}`, { description, statements, roles: [this] });
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
