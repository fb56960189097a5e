import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundle } from "../../../infra/bundle.ts";
import { HINTS_TO } from "../../../lambdas/contracts/hint.ts";
import { FUNCTION_NAMES, type FunctionName } from "../../../lambdas/contracts/names.ts";
import {
  actionsOf,
  allowed,
  allowedOn,
  arnOf,
  idOf,
  logicalId,
  resourcesOf,
  roleStatements,
} from "./policies.ts";
import { app, template } from "./sample-stack.ts";

const NETWORK_INTERFACES = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];
const FOR_LAMBDA = [
  ...NETWORK_INTERFACES,
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "sqs:ChangeMessageVisibility",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:GetQueueUrl",
  "sqs:ReceiveMessage",
];
/** What other services of AWS do in the caller's name, with keys. */
const BY_OTHERS: Partial<Record<FunctionName, string[]>> = {
  "join-client": ["kms:GenerateDataKey"],
  "rotate-tokens": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
};
/** What heal-node alone does by Systems Manager. */
const COMMANDS = ["ssm:GetCommandInvocation", "ssm:ListCommandInvocations", "ssm:SendCommand"];
/** Calls of a client that its function carries but never makes. */
const NEVER_MADE: Partial<Record<FunctionName, string[]>> = {
  "drain-client": [
    "dynamodb:UpdateItem",
    "ec2:GetConsoleOutput",
    "ssm:AddTagsToResource",
    "ssm:PutParameter",
  ],
  "join-client": [
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeInstanceRefreshes",
    "autoscaling:SetInstanceHealth",
    "autoscaling:TerminateInstanceInAutoScalingGroup",
    "ec2:DescribeInstanceStatus",
    ...COMMANDS,
  ],
  "register-node": COMMANDS,
  "heal-node": [
    "autoscaling:CompleteLifecycleAction",
    "autoscaling:DescribeLifecycleHooks",
    "autoscaling:RecordLifecycleActionHeartbeat",
    "autoscaling:SetInstanceHealth",
    "autoscaling:TerminateInstanceInAutoScalingGroup",
    "ec2:GetConsoleOutput",
  ],
};

const DESCRIBING: Readonly<Record<FunctionName, readonly string[]>> = {
  "drain-client": [
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeAutoScalingInstances",
    "autoscaling:DescribeInstanceRefreshes",
    "autoscaling:DescribeLifecycleHooks",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstances",
  ],
  "join-client": [
    "autoscaling:DescribeAutoScalingInstances",
    "autoscaling:DescribeLifecycleHooks",
    "ec2:DescribeInstances",
    "ssm:DescribeInstanceInformation",
  ],
  "register-node": ["ssm:DescribeInstanceInformation"],
  "heal-node": [
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeAutoScalingInstances",
    "autoscaling:DescribeInstanceRefreshes",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstances",
    "ssm:DescribeInstanceInformation",
    "ssm:GetCommandInvocation",
    "ssm:ListCommandInvocations",
  ],
  sweep: [
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeLifecycleHooks",
    "autoscaling:DescribeWarmPool",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstances",
    "ec2:DescribeSpotInstanceRequests",
    "ssm:DescribeInstanceInformation",
  ],
  "rotate-tokens": [
    "autoscaling:DescribeAutoScalingGroups",
    "ec2:DescribeInstances",
    "ssm:DescribeParameters",
    "ssm:GetCommandInvocation",
    "ssm:ListCommandInvocations",
  ],
};
const WITH_TABLE = ["dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:PutItem"];
/** What a function does with the table. @default WITH_TABLE */
const OWN_WITH_TABLE: Partial<Record<FunctionName, string[]>> = {
  "join-client": [...WITH_TABLE, "dynamodb:UpdateItem"],
  "rotate-tokens": [...WITH_TABLE, "dynamodb:Query"],
  sweep: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem"],
};

/** The SDK calls in a function's bundle: each is named by its IAM action, for the error's text. */
async function callsOf(name: FunctionName): Promise<string[]> {
  const folder = join(app.outdir, "bundles-for-real", name);
  await bundle(`lambdas/functions/${name}/index.ts`, folder);
  const source = readFileSync(join(folder, "index.mjs"), "utf8");
  const named = source.match(/"[a-z0-9]+:[A-Z][a-z]\w+"/g) ?? [];
  return [...new Set(named.map((each): string => JSON.parse(each)))];
}

describe.each(FUNCTION_NAMES)("what %s may do", (name) => {
  it("is what its bundle calls, and what AWS does in its name", async () => {
    const calls = (await callsOf(name)).filter((call) => !NEVER_MADE[name]?.includes(call));
    const expected = [...calls, ...FOR_LAMBDA, ...(BY_OTHERS[name] ?? [])];
    expect([...new Set(allowed(template, name).flatMap(actionsOf))].sort()).toEqual(
      expected.sort(),
    );
  });

  it("names every action in full", () => {
    expect(
      allowed(template, name)
        .flatMap(actionsOf)
        .filter((action) => action.includes("*")),
    ).toEqual([]);
  });

  it("names every resource, except for calls that know none and Lambda's network interfaces", () => {
    expect(allowedOn(template, name, "*")).toEqual(
      [...DESCRIBING[name], ...NETWORK_INTERFACES].sort(),
    );
  });

  it("keeps to its table, by key: no scan, and no index but what is overdue to the sweep", () => {
    const table = arnOf(template, "AWS::DynamoDB::Table");
    expect(allowedOn(template, name, table)).toEqual(OWN_WITH_TABLE[name] ?? WITH_TABLE);
    const index = (which: string) => ({ "Fn::Join": ["", [table, `/index/${which}`]] });
    expect(allowedOn(template, name, index("unfinished"))).toEqual([]);
    expect(allowedOn(template, name, index("overdue"))).toEqual(
      name === "sweep" ? ["dynamodb:Query"] : [],
    );
  });

  it("reads from its own queue, and never touches dead letters", () => {
    const queue = arnOf(template, "AWS::SQS::Queue", `${idOf(name)}WorkQueue`);
    expect(allowedOn(template, name, queue)).toEqual([
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
    const others = allowed(template, name)
      .filter((one) => actionsOf(one).some((action) => action.startsWith("sqs:")))
      .filter((one) => JSON.stringify(one.Resource) !== JSON.stringify(queue));
    expect(others.flatMap(actionsOf).filter((action) => action !== "sqs:SendMessage")).toEqual([]);
  });

  it("sends to its own queue and to those of the flows it sends hints to, and to no other", () => {
    const queues = new Set([name, ...HINTS_TO[name]]);
    const sendsTo = allowed(template, name)
      .filter((one) => actionsOf(one).includes("sqs:SendMessage"))
      .flatMap((one) => resourcesOf(one).map((resource) => JSON.stringify(resource)));
    const expected = [...queues].map((each) =>
      JSON.stringify(arnOf(template, "AWS::SQS::Queue", `${idOf(each)}WorkQueue`)),
    );
    expect([...new Set(sendsTo)].sort()).toEqual(expected.sort());
  });

  it("puts outcomes on Drover's bus, and nothing that starts a function", () => {
    const puts = allowed(template, name).filter((one) =>
      actionsOf(one).includes("events:PutEvents"),
    );
    expect(puts).toEqual([
      {
        Effect: "Allow",
        Action: "events:PutEvents",
        Resource: arnOf(template, "AWS::Events::EventBus"),
        Condition: { StringEquals: { "events:source": "drover.outcome" } },
      },
    ]);
  });

  it("writes to its own log group", () => {
    const log = arnOf(template, "AWS::Logs::LogGroup", idOf(name));
    expect(allowedOn(template, name, log)).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
  });

  it("denies its own code the network interfaces Lambda makes for it", () => {
    const denied = roleStatements(template, name).filter(({ Effect }) => Effect === "Deny");
    const ownArn = `arn:aws:lambda:eu-central-1:123456789012:function:drover-${name}`;
    expect(denied).toEqual([
      expect.objectContaining({
        Action: NETWORK_INTERFACES,
        Condition: { ArnEquals: { "lambda:SourceFunctionArn": ownArn } },
      }),
    ]);
  });

  it("has no policy of AWS's own making", () => {
    const id = logicalId(template, "AWS::IAM::Role", idOf(name));
    const role = template.findResources("AWS::IAM::Role")[id];
    expect(role?.Properties.ManagedPolicyArns).toBeUndefined();
  });
});
