import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { Rotate } from "../../../lambdas/contracts/config/rotate.ts";
import type { Config } from "../../../lambdas/contracts/config.ts";
import { FUNCTION_NAMES } from "../../../lambdas/contracts/names.ts";
import { sampleConfig } from "../samples.ts";
import { synthesize } from "../synthesis.ts";
import { allowedOn, arnOf, idOf, logicalId, type Statement } from "./policies.ts";

const SECRET = "AWS::SecretsManager::Secret";
const POLICY = "AWS::SecretsManager::ResourcePolicy";
const SCHEDULE = "AWS::SecretsManager::RotationSchedule";
const READER = "arn:aws:iam::123456789012:role/backup";
const OPERATOR = "arn:aws:iam::123456789012:user/ops/ann";
const STRANGER = "arn:aws:iam::123456789012:role/admin";
const MAKE = { readers: [READER], operators: [OPERATOR] };
/** But for what a first deployment that failed has made: the next one could not make it again. */
const OUTLIVES = { DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" };
const LOGIN = {
  name: "login",
  kind: "vault-secret-id",
  role: "drover",
  secret: "drover/vault-login",
};

/** With what lets Drover itself in at Vault, in a secret that the stack makes. */
function withOwnLogin(change: object = {}): Config {
  const config = sampleConfig();
  if (!config.vault || !config.consul) throw new Error("the sample lacks Vault or Consul");
  const { tokenFromVault: _none, ...consul } = config.consul;
  return {
    ...config,
    consul: { ...consul, tokenSecret: "consul-token" },
    vault: {
      ...config.vault,
      login: { method: "approle", mount: "approle", secret: LOGIN.secret },
    },
    rotate: Rotate.parse({ ...config.rotate, of: [{ ...LOGIN, make: MAKE, ...change }] }),
  };
}

const { template } = await synthesize(withOwnLogin());
const role = (name: string) => arnOf(template, "AWS::IAM::Role", name);
const ROTATOR = role("RotateTokens");

type Principals = "*" | { AWS: unknown };
interface PolicyStatement extends Statement {
  readonly Principal: Principals;
  readonly Condition?: { readonly ArnNotEquals: { readonly "aws:PrincipalArn": unknown } };
}

function statements(): PolicyStatement[] {
  const id = logicalId(template, POLICY);
  return template.findResources(POLICY)[id]?.Properties.ResourcePolicy.Statement;
}

/** What the secret's policy says of a call: nothing, if the caller's own policies decide. */
function verdict(caller: unknown, action: string): "allowed" | "denied" | "theirs" {
  const about = statements().filter(({ Action }) =>
    [Action].flat().includes(`secretsmanager:${action}`),
  );
  const isIn = (all: unknown) => [all].flat().some((each) => isSame(each, caller));
  const denied = about.some(
    ({ Effect, Condition }) =>
      Effect === "Deny" && !isIn(Condition?.ArnNotEquals["aws:PrincipalArn"]),
  );
  if (denied) return "denied";
  const isAllowed = about.some(
    ({ Effect, Principal }) => Effect === "Allow" && Principal !== "*" && isIn(Principal.AWS),
  );
  return isAllowed ? "allowed" : "theirs";
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

describe("a secret that the stack makes", () => {
  it("has no value, is under a key of the stack's, and outlives it with its policy", () => {
    const [secret, ...others] = Object.values(template.findResources(SECRET));
    expect(others).toEqual([]);
    expect(secret).toMatchObject(OUTLIVES);
    const { Tags: _tags, ...properties } = secret?.Properties ?? {};
    expect(properties).toEqual({
      Name: LOGIN.secret,
      KmsKeyId: arnOf(template, "AWS::KMS::Key", "Secrets"),
    });
    template.hasResource(POLICY, {
      ...OUTLIVES,
      Properties: { SecretId: { Ref: logicalId(template, SECRET) }, BlockPublicPolicy: true },
    });
  });

  it("lets its readers read and no more, and its operators and rotate-tokens write, too", () => {
    const calls = ["GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"];
    const verdicts = (caller: unknown) => calls.map((action) => verdict(caller, action));
    expect(verdicts(READER)).toEqual(["allowed", "denied", "denied"]);
    expect(verdicts(OPERATOR)).toEqual(["theirs", "theirs", "theirs"]);
    expect(verdicts(ROTATOR)).toEqual(["theirs", "theirs", "theirs"]);
    expect(verdicts(STRANGER)).toEqual(["denied", "denied", "denied"]);
    expect(verdicts("arn:aws:iam::123456789012:root")).toEqual(["denied", "denied", "denied"]);
  });

  it("has those of Drover's functions among its readers whose roles may read it, and no others", () => {
    const arn = `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${LOGIN.secret}-??????`;
    const others = FUNCTION_NAMES.filter((name) => name !== "rotate-tokens");
    const reading = others.filter((name) => allowedOn(template, name, arn).length > 0);
    expect(reading).toContain("join-client");
    // It takes no token of Vault's here, and so has no use for a login.
    expect(reading).not.toContain("register-node");
    for (const name of others) {
      const expected = reading.includes(name) ? "allowed" : "denied";
      expect(verdict(role(idOf(name)), "GetSecretValue"), name).toBe(expected);
    }
    expect(verdict(role("JoinClient"), "PutSecretValue")).toBe("denied");
  });

  it("locks nobody out: what CloudFormation and an administrator do with it is not denied", () => {
    const calls = [
      ...["DeleteSecret", "DescribeSecret", "PutResourcePolicy", "DeleteResourcePolicy"],
      ...["GetResourcePolicy", "RotateSecret", "CancelRotateSecret", "TagResource"],
      ...["UntagResource", "UpdateSecret", "RestoreSecret", "ValidateResourcePolicy"],
    ];
    expect(calls.filter((action) => verdict(STRANGER, action) !== "theirs")).toEqual([]);
    const deployer = {
      "Fn::Sub": `arn:\${AWS::Partition}:iam::123456789012:role/cdk-hnb659fds-cfn-exec-role-123456789012-eu-central-1`,
    };
    expect(verdict(deployer, "GetSecretValue")).toBe("theirs");
    expect(verdict(deployer, "PutSecretValue")).toBe("denied");
  });
});

function keyOfSecrets() {
  const id = logicalId(template, "AWS::KMS::Key", "Secrets");
  const key = template.findResources("AWS::KMS::Key")[id];
  if (!key) throw new Error(`there is no ${id}`);
  return key;
}

describe("the key of the secrets that the stack makes", () => {
  it("is rotated each year, outlives the stack, and is administered by the account", () => {
    const key = keyOfSecrets();
    expect(key).toMatchObject({
      ...OUTLIVES,
      Properties: { EnableKeyRotation: true },
    });
    template.hasResourceProperties("AWS::KMS::Alias", {
      AliasName: "alias/drover-rotated-secrets",
    });
    expect(key.Properties.KeyPolicy.Statement[0]).toMatchObject({
      Action: "kms:*",
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
    });
  });

  it("opens them for their readers through Secrets Manager alone, each those that it may read", () => {
    const [, ...others] = keyOfSecrets().Properties.KeyPolicy.Statement;
    expect(others).toEqual([
      {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: "*",
        Principal: { AWS: expect.arrayContaining([READER, role("JoinClient")]) },
        Condition: {
          StringEquals: { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" },
          StringLike: {
            "kms:EncryptionContext:SecretARN": [
              "arn:aws:secretsmanager:eu-central-1:123456789012:secret:drover/vault-login-??????",
            ],
          },
        },
      },
    ]);
  });
});

describe("its rotation schedule", () => {
  it("waits for it, and names it as it would name one that exists: to let go of it is no other schedule", async () => {
    const schedule = (of: Template) => Object.entries(of.findResources(SCHEDULE)).flat();
    const [id, made] = schedule(template) as [string, { Properties: object; DependsOn: string[] }];
    expect(made.DependsOn).toContain(logicalId(template, SECRET));
    const { template: imported } = await synthesize(withOwnLogin({ make: undefined }));
    expect(schedule(imported)).toMatchObject([id, { Properties: made.Properties }]);
    for (const type of [SECRET, POLICY]) imported.resourceCountIs(type, 0);
    imported.resourceCountIs("AWS::KMS::Key", 0);
  });
});
