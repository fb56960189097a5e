import { describe, expect, it } from "vitest";
import { functionsOf } from "../../../lambdas/contracts/config/connections.ts";
import { Rotate } from "../../../lambdas/contracts/config/rotate.ts";
import { sampleConfig } from "../samples.ts";
import { synthesize } from "../synthesis.ts";
import { actionsOf, allowed, allowedWith, arnOf, logicalId, resourcesOf } from "./policies.ts";
import { config, template } from "./sample-stack.ts";

const SCHEDULE = "AWS::SecretsManager::RotationSchedule";
const FUNCTION = arnOf(template, "AWS::Lambda::Function", "RotateTokens");
const secret = (name: string) =>
  `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-??????`;
const rotated = [
  ...["nomad/vault-token", "backup/vault", "exporter/consul-token", "ci/nomad-token"],
  ...["consul/agents-token", "nomad/client-certificate", "nomad/ca"],
  ...["edge/backup-token", "consul/gossip-key"],
]
  .map(secret)
  .sort();

/** What is rotated, as a stack of its own. */
async function stackOf(...of: object[]) {
  const { template: made } = await synthesize({ ...sampleConfig(), rotate: Rotate.parse({ of }) });
  return made;
}
/** What the others are let in with at Nomad: it is watched, whatever is rotated. */
const WATCHED = [secret("drover/nomad-client-certificate"), secret("drover/nomad-token")];
const TOKEN = { name: "one", kind: "consul-token", secret: "one", startedBy: "schedule" };

describe("rotation", () => {
  it("is nowhere when nothing is rotated", async () => {
    const { rotate: _none, ...rest } = config;
    const { template: without } = await synthesize(rest);
    const { Resources } = without.toJSON();
    expect(Object.keys(Resources).filter((id) => /Rotat/.test(id))).toEqual([]);
    without.resourceCountIs("AWS::Lambda::Function", functionsOf({}).length);
    without.resourceCountIs("AWS::KMS::Key", 0);
  });

  it("is scheduled by Secrets Manager for the secrets that it is to start, as configured", () => {
    const rules = Object.values(template.findResources(SCHEDULE)).map(({ Properties }) => [
      Properties.SecretId,
      Properties.RotationRules,
    ]);
    const monthly = { ScheduleExpression: "rate(30 days)" };
    expect(rules).toEqual([
      ["nomad/vault-token", { ScheduleExpression: "cron(0 2 ? * SUN *)", Duration: "3h" }],
      ["backup/vault", monthly],
      ["nomad/client-certificate", monthly],
      ["nomad/ca", { ScheduleExpression: "rate(180 days)" }],
      ["edge/backup-token", monthly],
      ["exporter/consul-token", monthly],
      ["consul/agents-token", monthly],
      ["consul/gossip-key", monthly],
    ]);
    template.allResourcesProperties(SCHEDULE, {
      RotationLambdaARN: FUNCTION,
      RotateImmediatelyOnUpdate: false,
    });
  });

  it("lets Secrets Manager call the function, from this account, before there is a schedule", () => {
    const id = logicalId(template, "AWS::Lambda::Permission");
    expect(template.findResources("AWS::Lambda::Permission")[id]?.Properties).toEqual({
      Action: "lambda:InvokeFunction",
      FunctionName: FUNCTION,
      Principal: "secretsmanager.amazonaws.com",
      SourceAccount: "123456789012",
    });
    for (const { DependsOn } of Object.values(template.findResources(SCHEDULE))) {
      expect(DependsOn).toContain(id);
    }
  });

  it.each([
    [4 * 3_600, "rate(4 hours)"],
    [86_400, "rate(1 day)"],
  ])("every %i s is %s", async (everySeconds, expression) => {
    const made = await stackOf({
      ...{ ...TOKEN, startedBy: "secrets-manager", everySeconds },
      ...{ verifySeconds: 60, graceSeconds: 60 },
    });
    made.hasResourceProperties(SCHEDULE, { RotationRules: { ScheduleExpression: expression } });
  });

  it.each([3_600, 5 * 86_400 + 3_600])(
    "every %i s Secrets Manager does not know",
    async (every) => {
      const wrong = { ...TOKEN, startedBy: "secrets-manager", everySeconds: every };
      await expect(stackOf({ ...wrong, verifySeconds: 60, graceSeconds: 60 })).rejects.toThrow(
        /^rotate\.of \(one\)\.everySeconds: .* startedBy: schedule$/,
      );
    },
  );
});

describe("what rotate-tokens may do with secrets", () => {
  it("is to rotate the configured ones, and to read those that let Drover in", () => {
    expect(allowedWith(template, "rotate-tokens", "secretsmanager:")).toEqual([
      [
        [
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:PutSecretValue",
          "secretsmanager:UpdateSecretVersionStage",
        ],
        rotated,
      ],
      [
        ["secretsmanager:GetSecretValue"],
        [secret("drover/consul-rotate-token"), ...WATCHED, secret("edge/drover-rotate")],
      ],
    ]);
  });

  it("keeps to the keys of those secrets and parameters, through their services alone", () => {
    const parameter = "arn:aws:ssm:eu-central-1:123456789012:parameter/nomad/vault-token";
    const wrapped = "arn:aws:ssm:eu-central-1:123456789012:parameter/backup/vault/*";
    const uses = allowed(template, "rotate-tokens").filter((one) =>
      actionsOf(one).some((action) => action.startsWith("kms:")),
    );
    const via = (service: string) => ({
      "kms:ViaService": `${service}.eu-central-1.amazonaws.com`,
    });
    expect(uses.map((one) => [actionsOf(one), one.Condition])).toEqual([
      [
        ["kms:Decrypt", "kms:GenerateDataKey"],
        {
          StringEquals: via("secretsmanager"),
          StringLike: { "kms:EncryptionContext:SecretARN": expect.arrayContaining(rotated) },
        },
      ],
      [
        ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
        {
          StringEquals: via("ssm"),
          StringLike: { "kms:EncryptionContext:PARAMETER_ARN": [parameter] },
        },
      ],
      [
        ["kms:Encrypt"],
        {
          StringEquals: via("ssm"),
          StringLike: { "kms:EncryptionContext:PARAMETER_ARN": [wrapped] },
        },
      ],
    ]);
    expect(allowedWith(template, "rotate-tokens", "ssm:GetParameter")).toEqual([
      [["ssm:GetParameter", "ssm:PutParameter"], [parameter]],
    ]);
  });

  it("is named in full where the configuration has the whole ARN", async () => {
    const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:one-AbCdEf";
    const made = await stackOf({ ...TOKEN, secret: arn });
    const [[, resources] = []] = allowedWith(made, "rotate-tokens", "secretsmanager:Describe");
    expect(resources).toEqual([arn]);
  });
});

describe("what only some rotations need", () => {
  it("a document, sent to the machines of their groups and to no other", () => {
    const sends = allowed(template, "rotate-tokens").filter((one) =>
      actionsOf(one).includes("ssm:SendCommand"),
    );
    expect(sends.flatMap(resourcesOf)).toEqual([
      "arn:aws:ssm:eu-central-1:123456789012:document/Drover-ReloadAgents-drover",
      "arn:aws:ec2:eu-central-1:123456789012:instance/*",
    ]);
    expect(sends[1]?.Condition).toEqual({
      StringEquals: {
        "ssm:resourceTag/aws:autoscaling:groupName": ["nomad-servers", "nomad-clients"],
      },
    });
    template.hasResourceProperties("AWS::SSM::Document", { Name: "Drover-ReloadAgents-drover" });
  });

  it("a key for parameters, which is rotated and outlives the stack", () => {
    template.hasResource("AWS::KMS::Key", {
      Properties: { EnableKeyRotation: true },
      DeletionPolicy: "Retain",
    });
    template.hasResourceProperties("AWS::KMS::Alias", {
      AliasName: "alias/drover-rotated-parameters",
    });
  });

  it("a look at the machines whose Consul agents are given a token", async () => {
    const agents = { groups: ["clients"], kinds: ["agent"], port: 8600 };
    const made = await stackOf({ ...TOKEN, agents });
    const actions = allowed(made, "rotate-tokens").flatMap(actionsOf);
    expect(actions).toContain("ec2:DescribeInstances");
    expect(actions.filter((action) => /^(ssm|autoscaling):/.test(action))).toEqual([
      "autoscaling:DescribeAutoScalingGroups",
    ]);
    const [group] = Object.values(made.findResources("AWS::EC2::SecurityGroup"));
    expect(group?.Properties.SecurityGroupEgress).toContainEqual(
      expect.objectContaining({ FromPort: 8600, Description: "Consul agents" }),
    );
  });

  it("another Vault: its login and certificate, and the way to its port", async () => {
    const login = { method: "approle", secret: "other/login" };
    const tls = { clientCertificateSecret: "other/certificate" };
    const made = await stackOf({
      ...{ name: "one", kind: "vault-secret-id", role: "backup", secret: "one" },
      ...{ startedBy: "schedule", server: { address: "https://other:8300", login, tls } },
    });
    expect(allowedWith(made, "rotate-tokens", "secretsmanager:").at(-1)).toEqual([
      ["secretsmanager:GetSecretValue"],
      [...WATCHED, secret("other/certificate"), secret("other/login")],
    ]);
    const [group] = Object.values(made.findResources("AWS::EC2::SecurityGroup"));
    expect(group?.Properties.SecurityGroupEgress).toContainEqual(
      expect.objectContaining({ FromPort: 8300, Description: "Vault", CidrIp: "10.0.0.0/16" }),
    );
  });

  it("the others have none of it", async () => {
    const made = await stackOf(TOKEN, { name: "barrier", kind: "vault-barrier-key" });
    for (const type of ["AWS::KMS::Key", SCHEDULE, "AWS::Lambda::Permission"]) {
      made.resourceCountIs(type, 0);
    }
    const actions = allowed(made, "rotate-tokens").flatMap(actionsOf);
    expect(actions.filter((action) => /^(ssm|autoscaling):/.test(action))).toEqual([]);
    made.resourceCountIs("AWS::SSM::Document", 1);
  });

  it("keys that a cluster keeps by itself need no secret", async () => {
    const made = await stackOf({ name: "barrier", kind: "vault-barrier-key" });
    expect(allowedWith(made, "rotate-tokens", "secretsmanager:")).toEqual([
      [["secretsmanager:GetSecretValue"], WATCHED],
    ]);
  });
});
