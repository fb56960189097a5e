import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { Rotate } from "../../../lambdas/contracts/config/rotate.ts";
import { sampleConfig } from "../samples.ts";
import { synthesize } from "../synthesis.ts";
import { allowed, allowedWith, idOf, logicalId, managedStatements } from "./policies.ts";

// IAM's quotas, in characters without spaces: "IAM and AWS STS quotas" in its guide.
const INLINE_OF_A_ROLE = 10_240;
const MANAGED = 6_144;
const MANAGED_OF_A_ROLE = 10;
/** KMS's. */
const KEY_POLICY = 32_768;
/** In place of a reference: as long as the ARN of a queue or table with a name that CloudFormation makes. */
const REFERENCE = "x".repeat(130);

const names = (count: number) =>
  Array.from({ length: count }, (_, n) => `backups/service-${String(n).padStart(3, "0")}`);

async function stackOf(of: readonly object[]): Promise<Template> {
  const { template } = await synthesize({ ...sampleConfig(), rotate: Rotate.parse({ of }) });
  return template;
}

function rotationOf(name: string, more: object = {}): object {
  const named = { name: name.replaceAll("/", "-"), kind: "consul-token", secret: name };
  return { ...named, startedBy: "schedule", ...more };
}

/** How long the policies of a function's role are: those in it, together, and each that is attached to it. */
function lengthsOf(template: Template) {
  const role = JSON.stringify([{ Ref: logicalId(template, "AWS::IAM::Role", "RotateTokens") }]);
  const of = (type: string) =>
    Object.values(template.findResources(type))
      .filter(({ Properties }) => JSON.stringify(Properties.Roles) === role)
      .map(({ Properties }) => charactersOf(Properties.PolicyDocument));
  const inline = of("AWS::IAM::Policy").reduce((sum, each) => sum + each, 0);
  return { inline, managed: of("AWS::IAM::ManagedPolicy") };
}

function charactersOf(document: unknown): number {
  const isReference = (value: unknown) => /^\{"(Ref|Fn::\w+)":/.test(JSON.stringify(value));
  return JSON.stringify(document, (_key, value) => (isReference(value) ? REFERENCE : value)).length;
}

function expectToFit(template: Template): void {
  const { inline, managed } = lengthsOf(template);
  expect(inline).toBeLessThanOrEqual(INLINE_OF_A_ROLE);
  expect(managed.length).toBeLessThanOrEqual(MANAGED_OF_A_ROLE);
  expect(managed.filter((each) => each > MANAGED)).toEqual([]);
}

/** On what the statements with an action allow it, over all policies. */
function allowedOnAll(template: Template, action: string): string[] {
  return allowedWith(template, "rotate-tokens", action).flatMap(([, on = []]) => on as string[]);
}

function contextsOf(template: Template, key: string): string[] {
  return allowed(template, "rotate-tokens").flatMap(({ Condition }) => {
    const { StringLike = {} } = (Condition ?? {}) as { StringLike?: Record<string, string[]> };
    return StringLike[`kms:EncryptionContext:${key}`] ?? [];
  });
}

describe("the role of rotate-tokens with 200 rotations, each with a parameter", async () => {
  const all = names(200);
  const template = await stackOf(all.map((name) => rotationOf(name, { parameter: `/${name}` })));
  const secrets = all.map((name) => secretOf(name));
  const parameters = all.map((name) => parameterOf(name));

  it("has no policy that IAM would refuse", () => {
    expectToFit(template);
    expect(lengthsOf(template).managed.length).toBeGreaterThan(0);
  });

  it("may rotate each of them, and nothing else", () => {
    expect(allowedOnAll(template, "secretsmanager:PutSecretValue").sort()).toEqual(secrets);
    expect(allowedOnAll(template, "ssm:PutParameter").sort()).toEqual(parameters);
    expect(contextsOf(template, "SecretARN").sort()).toEqual(secrets);
    expect(contextsOf(template, "PARAMETER_ARN").sort()).toEqual(parameters);
  });

  it("uses keys through their services alone, in each of the policies", () => {
    const uses = allowed(template, "rotate-tokens").filter((one) =>
      JSON.stringify(one.Action).includes("kms:"),
    );
    expect(uses.length).toBeGreaterThan(2);
    for (const { Condition } of uses) {
      expect(Condition).toMatchObject({
        StringEquals: { "kms:ViaService": expect.stringMatching(/^(ssm|secretsmanager)\.eu-/) },
      });
    }
  });

  it("has all of it before the function can be called", () => {
    const [fn] = Object.entries(template.findResources("AWS::Lambda::Function")).filter(([id]) =>
      id.startsWith(idOf("rotate-tokens")),
    );
    const ids = Object.keys(template.findResources("AWS::IAM::ManagedPolicy")).filter((id) =>
      id.startsWith("RotateTokens"),
    );
    expect(fn?.[1].DependsOn).toEqual(expect.arrayContaining(ids));
  });
});

function secretOf(name: string): string {
  return `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-??????`;
}

function parameterOf(name: string): string {
  return `arn:aws:ssm:eu-central-1:123456789012:parameter/${name}`;
}

describe("the role of rotate-tokens", () => {
  it("fits with secrets that the stack makes, and so does the policy of their key", async () => {
    const [readers, operators] = ["backup", "operator"].map((role) => [
      `arn:aws:iam::123456789012:role/${role}`,
    ]);
    const make = { readers, operators };
    const template = await stackOf(names(120).map((name) => rotationOf(name, { make })));
    expectToFit(template);
    const [key] = Object.values(template.findResources("AWS::KMS::Key"));
    expect(charactersOf(key?.Properties.KeyPolicy)).toBeLessThanOrEqual(KEY_POLICY);
  });

  it("fits with a group to each rotation", async () => {
    const reload = (name: string) => ({ groups: [name], units: ["backup"] });
    const template = await stackOf(
      names(100).map((name) => rotationOf(name, { reload: reload(name) })),
    );
    expectToFit(template);
  });

  it("has no more policies than before, as long as one is enough", async () => {
    expect(lengthsOf(await stackOf(names(20).map((name) => rotationOf(name)))).managed).toEqual([]);
  });

  it("is said to be too small before it is deployed", async () => {
    const many = names(500).map((name) => rotationOf(name));
    await expect(stackOf(many)).rejects.toThrow(
      /^what drover-rotate-tokens may do takes 1\d policies of 6144 characters, and a role can have 11/,
    );
  });
});

function wrapped(count: number): object[] {
  return names(count).map((name) => ({
    ...{ name: name.replaceAll("/", "-"), kind: "vault-secret-id", role: "backup", secret: name },
    ...{ startedBy: "schedule", wrapped: { groups: ["backup"], path: `/${name}` } },
  }));
}

describe("the policy of machines that wrapped values are for", () => {
  it("has room for ten paths, each of which is in every statement of it", async () => {
    const template = await stackOf(wrapped(10));
    const statements = managedStatements(template, "drover-wrapped");
    const document = { Version: "2012-10-17", Statement: statements };
    expect(charactersOf(document)).toBeLessThanOrEqual(MANAGED);
    const everywhere = names(10).map((name) => parameterOf(`${name}/*`));
    const onAll = statements.filter(({ Resource }) =>
      everywhere.every((each) => [Resource].flat().includes(each)),
    );
    expect(onAll.map(({ Effect }) => Effect)).toEqual(["Allow", "Deny", "Deny", "Deny"]);
    expectToFit(template);
  });

  it("is said to be too small before it is deployed", async () => {
    await expect(stackOf(wrapped(30))).rejects.toThrow(
      /^rotate\.of: the 30 paths of `wrapped` are \d+ characters more than the policy drover-wrapped takes/,
    );
  });
});
