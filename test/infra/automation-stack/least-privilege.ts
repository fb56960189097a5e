import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY } from "../samples.ts";
import { actionsOf, allowedOn, arnOf, resourcesOf, roleStatements } from "./policies.ts";
import { template } from "./sample-stack.ts";

const statements = roleStatements(template);
const allowed = statements.filter(({ Effect }) => Effect === "Allow");

const NETWORK_INTERFACES = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** The SDK calls the clients make: each is named by its IAM action, for the error's text. */
function callsMade(): string[] {
  const folder = join(REPOSITORY, "lambdas/clients/aws");
  const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  const names = sources.flatMap((source) => source.match(/"[a-z0-9]+:[A-Z][a-z]\w+"/g) ?? []);
  return [...new Set(names.map((name) => JSON.parse(name)))].sort();
}

describe("what drain-client may do", () => {
  it("is what its clients call, and what Lambda does in its name", () => {
    const forLambda = [
      ...NETWORK_INTERFACES,
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
    ];
    const all = new Set(allowed.flatMap(actionsOf));
    expect([...all].sort()).toEqual([...callsMade(), ...forLambda].sort());
  });

  it("names every action in full", () => {
    expect(allowed.flatMap(actionsOf).filter((action) => action.includes("*"))).toEqual([]);
  });

  it("names every resource, except for calls that know none and Lambda's network interfaces", () => {
    expect(allowedOn(template, "*")).toEqual(
      [
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLifecycleHooks",
        "ec2:DescribeInstances",
        ...NETWORK_INTERFACES,
      ].sort(),
    );
  });

  it("may end and prolong the waiting in the configured groups only", () => {
    const onGroups = allowed.filter((statement) =>
      actionsOf(statement).includes("autoscaling:CompleteLifecycleAction"),
    );
    const group = "arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:*";
    expect(onGroups.map((statement) => [actionsOf(statement), resourcesOf(statement)])).toEqual([
      [
        ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
        [
          `${group}:autoScalingGroupName/nomad-clients`,
          `${group}:autoScalingGroupName/nomad-clients-spot`,
        ],
      ],
    ]);
  });

  it("reads the configured secrets only", () => {
    const reads = allowed.filter((statement) =>
      actionsOf(statement).some((action) => action.startsWith("secretsmanager:")),
    );
    const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:drover";
    expect(reads.map((statement) => [actionsOf(statement), resourcesOf(statement)])).toEqual([
      [
        ["secretsmanager:GetSecretValue"],
        [`${secret}/nomad-client-certificate-??????`, `${secret}/nomad-token-??????`],
      ],
    ]);
  });

  it("keeps to its table, by key: no delete, no query, no scan, no index", () => {
    const table = arnOf(template, "AWS::DynamoDB::Table");
    expect(allowedOn(template, table)).toEqual([
      "dynamodb:BatchWriteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
    ]);
    const index = { "Fn::Join": ["", [table, "/index/unfinished"]] };
    expect(allowedOn(template, index)).toEqual([]);
  });

  it("sends to and reads from its own queue, and never touches the dead letters", () => {
    expect(allowedOn(template, arnOf(template, "AWS::SQS::Queue", "WorkQueue"))).toEqual([
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
    expect(allowedOn(template, arnOf(template, "AWS::SQS::Queue", "DeadLetters"))).toEqual([]);
  });

  it("writes to its own log group", () => {
    expect(allowedOn(template, arnOf(template, "AWS::Logs::LogGroup"))).toEqual([
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
  });

  it("denies its own code the network interfaces Lambda makes for it", () => {
    const denied = statements.filter(({ Effect }) => Effect === "Deny");
    expect(denied).toEqual([
      expect.objectContaining({
        Action: NETWORK_INTERFACES,
        Condition: {
          ArnEquals: {
            "lambda:SourceFunctionArn":
              "arn:aws:lambda:eu-central-1:123456789012:function:drover-drain-client",
          },
        },
      }),
    ]);
  });

  it("has no policy of AWS's own making", () => {
    const [role] = Object.values(template.findResources("AWS::IAM::Role"));
    expect(role?.Properties.ManagedPolicyArns).toBeUndefined();
  });
});
