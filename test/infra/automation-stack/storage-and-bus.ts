import { describe, expect, it } from "vitest";
import { FUNCTION_NAMES } from "../../../lambdas/contracts/names.ts";
import { TABLE } from "../../../lambdas/contracts/table.ts";
import { synthesize } from "../synthesis.ts";
import { arnOf, idOf, type Statement } from "./policies.ts";
import { config, template } from "./sample-stack.ts";

async function busStatements(principals: string[]): Promise<Statement[]> {
  const { template: changed } = await synthesize({ ...config, replay: { principals } });
  return Object.values(changed.findResources("AWS::Events::EventBusPolicy")).map(
    ({ Properties }) => Properties.Statement,
  );
}

describe("the table", () => {
  it("has the contract's keys and indexes", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: [
        { AttributeName: TABLE.partitionKey, KeyType: "HASH" },
        { AttributeName: TABLE.sortKey, KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: TABLE.unfinishedIndex,
          KeySchema: [
            { AttributeName: TABLE.unfinishedPartitionKey, KeyType: "HASH" },
            { AttributeName: TABLE.unfinishedSortKey, KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
        {
          IndexName: TABLE.overdueIndex,
          KeySchema: [
            { AttributeName: TABLE.unfinishedPartitionKey, KeyType: "HASH" },
            { AttributeName: TABLE.overdueSortKey, KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["nodeId", "flow", "tick"] },
        },
      ],
    });
  });

  it("can be restored, is encrypted, drops what has expired and costs nothing idle", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: TABLE.expiresAt, Enabled: true },
      BillingMode: "PAY_PER_REQUEST",
    });
  });

  it("survives the stack", () => {
    template.hasResource("AWS::DynamoDB::Table", {
      Properties: { DeletionProtectionEnabled: true },
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
    });
  });
});

describe("Drover's bus", () => {
  const operator = "arn:aws:iam::123456789012:role/operator";
  const otherAccount = "arn:aws:iam::999999999999:root";

  it("lets the listed principals put what starts something, and nobody else but the functions anything", async () => {
    const roles = FUNCTION_NAMES.map((name) => arnOf(template, "AWS::IAM::Role", idOf(name)));
    const statements = await busStatements([operator, otherAccount]);
    expect(statements).toEqual([
      {
        Sid: "AllowListed",
        Effect: "Allow",
        Action: "events:PutEvents",
        Principal: { AWS: [operator, otherAccount] },
        Resource: arnOf(template, "AWS::Events::EventBus"),
        Condition: {
          StringEquals: { "events:source": ["drover.replay", "drover.node", "drover.rotation"] },
        },
      },
      {
        Sid: "DenyOthers",
        Effect: "Deny",
        Action: "events:PutEvents",
        Principal: { AWS: "*" },
        Resource: arnOf(template, "AWS::Events::EventBus"),
        Condition: {
          StringNotEquals: { "aws:PrincipalAccount": ["999999999999"] },
          ArnNotEquals: { "aws:PrincipalArn": [operator, ...roles] },
        },
      },
    ]);
  });

  it("has no policy without a list: the account's own policies decide", async () => {
    expect(await busStatements([])).toEqual([]);
  });
});

describe("the stack's outputs", () => {
  it("name what operators and the CLI have to know, of each function", () => {
    const ofEach = ["QueueUrl", "DeadLetterQueueUrl", "DeadLetterQueueArn", "RoleArn"];
    const expected = FUNCTION_NAMES.flatMap((name) => ofEach.map((what) => idOf(name) + what));
    const shared = [
      ...["TableName", "BusName", "SecurityGroupId", "IntroductionPolicyArn"],
      ...["RotatedParametersKeyArn", "RotatedSecretsKeyArn", "WrappedPolicyArn"],
    ];
    expect(Object.keys(template.toJSON().Outputs).sort()).toEqual([...expected, ...shared].sort());
  });
});
