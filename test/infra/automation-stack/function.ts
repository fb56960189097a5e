import { join } from "node:path";
import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { HINTS_TO } from "../../../lambdas/contracts/hint.ts";
import { ENVIRONMENT, FUNCTION_NAMES } from "../../../lambdas/contracts/names.ts";
import { TIMINGS } from "../../../lambdas/contracts/timings.ts";
import { readEnvironment } from "../../../lambdas/runtime/environment.ts";
import { synthesize } from "../synthesis.ts";
import { arnOf, idOf, logicalId } from "./policies.ts";
import { assembly, config, template } from "./sample-stack.ts";

const functions = Object.values(template.findResources("AWS::Lambda::Function")).map(
  ({ Properties }) => Properties,
);

describe.each(FUNCTION_NAMES)("the function %s", (name) => {
  const [lambda] = functions.filter(({ FunctionName }) => FunctionName === `drover-${name}`);
  const variables = lambda?.Environment.Variables;

  it("runs on Node 24, ARM, in the private subnets, as long as the timings say", () => {
    expect(lambda).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Timeout: TIMINGS.functionTimeoutSeconds,
      MemorySize: config.functions.memoryMegabytes,
      VpcConfig: { SubnetIds: config.vpc.privateSubnetIds },
    });
  });

  it("may send itself ticks for longer than Lambda's loop detection allows", () => {
    expect(lambda?.RecursiveLoop).toBe("Allow");
  });

  it("is told the contract's variables and the operator's own, and no other", () => {
    const own = [...Object.values(ENVIRONMENT), "POWERTOOLS_SERVICE_NAME"];
    const operators = Object.keys(config.functions.environment);
    expect(Object.keys(variables).sort()).toEqual([...own, ...operators].sort());
    expect(variables[ENVIRONMENT.table]).toEqual({
      Ref: logicalId(template, "AWS::DynamoDB::Table"),
    });
    expect(variables[ENVIRONMENT.queueUrl]).toEqual({
      Ref: logicalId(template, "AWS::SQS::Queue", `${idOf(name)}WorkQueue`),
    });
    expect(variables[ENVIRONMENT.bus]).toEqual({
      Ref: logicalId(template, "AWS::Events::EventBus"),
    });
  });

  it("is told the queues of the flows it sends hints to, and of no other", () => {
    const urls = HINTS_TO[name].map((flow) => [flow, `https://${flow}`] as const);
    const queues = Object.fromEntries(
      urls.map(([flow, url]) => [
        logicalId(template, "AWS::SQS::Queue", `${idOf(flow)}WorkQueue`),
        url,
      ]),
    );
    expect(JSON.parse(resolved(variables[ENVIRONMENT.hintQueues], queues))).toEqual(
      Object.fromEntries(urls),
    );
  });

  it("reads back the configuration that was deployed beside its code", () => {
    const code = lambda?.Code.S3Key.replace(".zip", "");
    const environment = readEnvironment({
      ...variables,
      [ENVIRONMENT.table]: "nodes",
      [ENVIRONMENT.bus]: "drover",
      [ENVIRONMENT.hintQueues]: "{}",
      [ENVIRONMENT.queueUrl]: "https://sqs.eu-central-1.amazonaws.com/123456789012/work",
      LAMBDA_TASK_ROOT: join(assembly.directory, `asset.${code}`),
    });
    expect(environment.config).toEqual(config);
  });
});

describe("the functions", () => {
  it("open connections to the servers' ports in the VPC and to HTTPS, and accept none", () => {
    const [group] = Object.values(template.findResources("AWS::EC2::SecurityGroup"));
    const { SecurityGroupEgress: egress, SecurityGroupIngress: ingress } = group?.Properties ?? {};
    expect(
      egress.map((rule: Record<string, unknown>) => [rule.CidrIp, rule.FromPort, rule.Description]),
    ).toEqual([
      ["10.0.0.0/16", 4646, "Nomad"],
      ["10.0.0.0/16", 8501, "Consul, Consul agents"],
      ["10.0.0.0/16", 8200, "Vault"],
      ["0.0.0.0/0", 443, "AWS APIs"],
    ]);
    expect(ingress).toBeUndefined();
    template.resourceCountIs("AWS::EC2::SecurityGroupIngress", 0);
  });

  it("need one rule for servers that share a port", async () => {
    const consul = { ...config.consul, address: "https://consul.example.internal:4646" };
    const { template: shared } = await synthesize({ ...config, consul } as typeof config);
    const [group] = Object.values(shared.findResources("AWS::EC2::SecurityGroup"));
    const egress: Record<string, unknown>[] = group?.Properties.SecurityGroupEgress;
    expect(egress.map(({ FromPort, Description }) => [FromPort, Description])).toContainEqual([
      4646,
      "Nomad, Consul",
    ]);
  });

  it("keep their logs as long as configured", () => {
    template.resourceCountIs("AWS::Logs::LogGroup", FUNCTION_NAMES.length);
    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 30 });
  });
});

describe.each(FUNCTION_NAMES)("the queue of %s", (name) => {
  const workQueue = `${idOf(name)}WorkQueue`;
  const deadLetters = `${idOf(name)}WorkDeadLetters`;

  it("hides a message longer than the lease, and the lease is longer than the function lives", () => {
    expect(TIMINGS.leaseSeconds).toBeGreaterThan(TIMINGS.functionTimeoutSeconds);
    expect(TIMINGS.visibilityTimeoutSeconds).toBeGreaterThan(TIMINGS.leaseSeconds);
    template.hasResourceProperties("AWS::SQS::Queue", {
      VisibilityTimeout: TIMINGS.visibilityTimeoutSeconds,
      RedrivePolicy: {
        deadLetterTargetArn: arnOf(template, "AWS::SQS::Queue", deadLetters),
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
    const id = logicalId(template, "AWS::SQS::Queue", deadLetters);
    const queue = template.findResources("AWS::SQS::Queue")[id];
    expect(queue?.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  it("feeds the function in batches whose messages fail one by one", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: arnOf(template, "AWS::SQS::Queue", workQueue),
      BatchSize: TIMINGS.batchSize,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: {
        MaximumConcurrency: ["heal-node", "sweep", "rotate-tokens"].includes(name) ? 2 : 9,
      },
    });
  });
});

/** A string of the template, with what it refers to put in. */
function resolved(value: unknown, references: Readonly<Record<string, string>>): string {
  if (typeof value === "string") return value;
  const { "Fn::Join": [separator, parts] = ["", []] } = value as {
    "Fn::Join"?: [string, (string | { Ref: string })[]];
  };
  return parts
    .map((part) => (typeof part === "string" ? part : references[part.Ref]))
    .join(separator);
}
