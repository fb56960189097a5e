import { join } from "node:path";
import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { ENVIRONMENT } from "../../../lambdas/contracts/names.ts";
import { TIMINGS } from "../../../lambdas/contracts/timings.ts";
import { readEnvironment } from "../../../lambdas/runtime/environment.ts";
import { arnOf, logicalId } from "./policies.ts";
import { assembly, config, template } from "./sample-stack.ts";

const [lambda] = Object.values(template.findResources("AWS::Lambda::Function"));
const variables = lambda?.Properties.Environment.Variables;

describe("the function", () => {
  it("runs on Node 24, ARM, in the private subnets, as long as the timings say", () => {
    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "drover-drain-client",
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Timeout: TIMINGS.functionTimeoutSeconds,
      MemorySize: config.functions.memoryMegabytes,
      VpcConfig: { SubnetIds: config.vpc.privateSubnetIds },
    });
  });

  it("may send itself ticks for longer than Lambda's loop detection allows", () => {
    template.hasResourceProperties("AWS::Lambda::Function", { RecursiveLoop: "Allow" });
  });

  it("is told the contract's variables and the operator's own, and no other", () => {
    const own = [...Object.values(ENVIRONMENT), "POWERTOOLS_SERVICE_NAME"];
    const operators = Object.keys(config.functions.environment);
    expect(Object.keys(variables).sort()).toEqual([...own, ...operators].sort());
    expect(variables[ENVIRONMENT.table]).toEqual({
      Ref: logicalId(template, "AWS::DynamoDB::Table"),
    });
    expect(variables[ENVIRONMENT.queueUrl]).toEqual({
      Ref: logicalId(template, "AWS::SQS::Queue", "WorkQueue"),
    });
    expect(variables[ENVIRONMENT.bus]).toEqual({
      Ref: logicalId(template, "AWS::Events::EventBus"),
    });
  });

  it("reads back the configuration that was deployed beside its code", () => {
    const code = lambda?.Properties.Code.S3Key.replace(".zip", "");
    const environment = readEnvironment({
      ...variables,
      [ENVIRONMENT.table]: "nodes",
      [ENVIRONMENT.queueUrl]: "https://sqs.eu-central-1.amazonaws.com/123456789012/work",
      LAMBDA_TASK_ROOT: join(assembly.directory, `asset.${code}`),
    });
    expect(environment.config).toEqual(config);
  });

  it("opens connections to Nomad's port in the VPC and to HTTPS, and accepts none", () => {
    const [group] = Object.values(template.findResources("AWS::EC2::SecurityGroup"));
    const { SecurityGroupEgress: egress, SecurityGroupIngress: ingress } = group?.Properties ?? {};
    expect(egress.map((rule: Record<string, unknown>) => [rule.CidrIp, rule.FromPort])).toEqual([
      ["10.0.0.0/16", 4646],
      ["0.0.0.0/0", 443],
    ]);
    expect(ingress).toBeUndefined();
    template.resourceCountIs("AWS::EC2::SecurityGroupIngress", 0);
  });

  it("keeps its log as long as configured", () => {
    template.hasResourceProperties("AWS::Logs::LogGroup", { RetentionInDays: 30 });
  });
});

describe("its queue", () => {
  it("hides a message longer than the lease, and the lease is longer than the function lives", () => {
    expect(TIMINGS.leaseSeconds).toBeGreaterThan(TIMINGS.functionTimeoutSeconds);
    expect(TIMINGS.visibilityTimeoutSeconds).toBeGreaterThan(TIMINGS.leaseSeconds);
    template.hasResourceProperties("AWS::SQS::Queue", {
      VisibilityTimeout: TIMINGS.visibilityTimeoutSeconds,
      RedrivePolicy: {
        deadLetterTargetArn: arnOf(template, "AWS::SQS::Queue", "DeadLetters"),
        maxReceiveCount: TIMINGS.maxReceiveCount,
      },
    });
  });

  it("and its dead letters are encrypted, take TLS only, and the dead letters stay 14 days", () => {
    template.allResourcesProperties("AWS::SQS::Queue", { SqsManagedSseEnabled: true });
    template.allResourcesProperties("AWS::SQS::QueuePolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Deny",
            Action: "sqs:*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          }),
        ]),
      },
    });
    const [deadLetters] = Object.entries(template.findResources("AWS::SQS::Queue")).filter(([id]) =>
      id.includes("DeadLetters"),
    );
    expect(deadLetters?.[1].Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  it("feeds the function in batches whose messages fail one by one", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: arnOf(template, "AWS::SQS::Queue", "WorkQueue"),
      BatchSize: TIMINGS.batchSize,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: config.functions.maxConcurrency },
    });
  });
});
