import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundle } from "../../../infra/bundle.ts";
import { FUNCTION_NAMES, type FunctionName } from "../../../lambdas/contracts/names.ts";
import {
  actionsOf,
  allowed,
  allowedOn,
  allowedWith,
  arnOf,
  idOf,
  logicalId,
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
/** What Systems Manager does in the caller's name, with the key that the sample names. */
const BY_SYSTEMS_MANAGER: Partial<Record<FunctionName, string[]>> = {
  "join-client": ["kms:GenerateDataKey"],
};
/** Calls of a client that its function carries but never makes. */
const NEVER_MADE: Partial<Record<FunctionName, string[]>> = {
  "drain-client": [
    "dynamodb:UpdateItem",
    "ec2:GetConsoleOutput",
    "ssm:AddTagsToResource",
    "ssm:PutParameter",
  ],
};

const DESCRIBING = {
  "drain-client": [
    "autoscaling:DescribeAutoScalingInstances",
    "autoscaling:DescribeLifecycleHooks",
    "ec2:DescribeInstances",
  ],
  "join-client": [
    "autoscaling:DescribeAutoScalingInstances",
    "autoscaling:DescribeLifecycleHooks",
    "ec2:DescribeInstances",
    "ssm:DescribeInstanceInformation",
  ],
  "register-node": ["ssm:DescribeInstanceInformation"],
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
    const expected = [...calls, ...FOR_LAMBDA, ...(BY_SYSTEMS_MANAGER[name] ?? [])];
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

  it("keeps to its table, by key: no query, no scan, no index", () => {
    const table = arnOf(template, "AWS::DynamoDB::Table");
    const turns = name === "join-client" ? ["dynamodb:UpdateItem"] : [];
    expect(allowedOn(template, name, table)).toEqual(
      [...turns, "dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:PutItem"].sort(),
    );
    const index = { "Fn::Join": ["", [table, "/index/unfinished"]] };
    expect(allowedOn(template, name, index)).toEqual([]);
  });

  it("sends to and reads from its own queue, and never touches dead letters", () => {
    const queue = arnOf(template, "AWS::SQS::Queue", `${idOf(name)}WorkQueue`);
    expect(allowedOn(template, name, queue)).toEqual([
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
    expect(allowedWith(template, name, "sqs:").flatMap(([, resources]) => resources)).toEqual([
      queue,
    ]);
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

describe("lifecycle hooks", () => {
  it.each(["drain-client", "join-client"] as const)("%s ends those of its groups only", (name) => {
    const group = "arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:*";
    expect(allowedWith(template, name, "autoscaling:CompleteLifecycleAction")).toEqual([
      [
        ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
        [
          `${group}:autoScalingGroupName/nomad-clients`,
          `${group}:autoScalingGroupName/nomad-clients-spot`,
        ],
      ],
    ]);
  });
});
