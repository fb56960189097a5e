import { Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { sampleConfig } from "../samples.ts";
import { newApp, synthesize } from "../synthesis.ts";
import { app, assembly } from "./sample-stack.ts";

describe("cdk-nag", () => {
  it("finds nothing in either sample", async () => {
    expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(["drover-automation"]);
    const minimal = await synthesize(sampleConfig("minimal"));
    expect(minimal.assembly.stacks).toHaveLength(1);
  });

  it("is told a reason, in a sentence, for everything it has to accept", () => {
    const reasons = app.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.values(data as Record<string, string>));
    expect(reasons.length).toBeGreaterThan(3);
    for (const reason of reasons) expect(reason).toMatch(/^[A-Z].{40,}\.$/);
  });

  it("fails the synthesis on a finding", () => {
    const tooWide = newApp();
    const stack = new Stack(tooWide, "TooWide");
    const role = new Role(stack, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    role.addToPolicy(new PolicyStatement({ actions: ["s3:*"], resources: ["*"] }));
    Validations.of(tooWide).addPlugins(new AwsSolutionsChecks(tooWide));
    expect(() => tooWide.synth()).toThrow(/AwsSolutions-IAM5\[Action::s3:\*\]/);
  });
});
