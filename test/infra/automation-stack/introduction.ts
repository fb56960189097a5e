import { describe, expect, it } from "vitest";
import { InstanceId } from "../../../lambdas/contracts/ids.ts";
import { introductionNames } from "../../../lambdas/contracts/introduction.ts";
import { FUNCTION_NAMES } from "../../../lambdas/contracts/names.ts";
import { sampleConfig } from "../samples.ts";
import { synthesize } from "../synthesis.ts";
import { actionsOf, managedStatements, resourcesOf, roleStatements } from "./policies.ts";
import { config, template } from "./sample-stack.ts";

const PARAMETERS = "arn:aws:ssm:eu-central-1:123456789012:parameter";
const anyInstance = `${PARAMETERS}/drover/nodes/*`;
const OWN = {
  Null: { "ec2:SourceInstanceARN": "false" },
  StringEquals: { "aws:ResourceTag/drover:instance": "$" + "{ec2:SourceInstanceARN}" },
};

const WITHOUT_ARN = { Null: { "ec2:SourceInstanceARN": "true" } };

const ofInstances = managedStatements(template, "drover-introduction");

function onParameters(name: Parameters<typeof roleStatements>[1]) {
  return roleStatements(template, name)
    .filter((one) => actionsOf(one).some((action) => /^ssm:.*Parameters?$|Tags/.test(action)))
    .map((one) => [actionsOf(one), resourcesOf(one), one.Condition]);
}

describe("the functions and new instances' parameters", () => {
  it("join-client writes them under their path, with no tag but the instance's", () => {
    const tags = { "ForAllValues:StringEquals": { "aws:TagKeys": ["drover:instance"] } };
    expect(onParameters("join-client")).toEqual([
      [["ssm:DeleteParameters", "ssm:GetParameters", "ssm:PutParameter"], [anyInstance], undefined],
      [["ssm:GetParameters"], [`${anyInstance}/report`], undefined],
      [["ssm:AddTagsToResource"], [anyInstance], tags],
    ]);
  });

  it("drain-client reads reports and deletes, and register-node does neither", () => {
    expect(onParameters("drain-client")).toEqual([
      [["ssm:DeleteParameters"], [anyInstance], undefined],
      [["ssm:GetParameters"], [`${anyInstance}/report`], undefined],
    ]);
    expect(onParameters("register-node")).toEqual([]);
  });

  it("no function may decrypt what an instance was given, under a key of the customer's own", () => {
    const readers = FUNCTION_NAMES.filter((name) => name !== "rotate-tokens");
    const actions = readers.flatMap((name) => roleStatements(template, name)).flatMap(actionsOf);
    expect(actions.filter((action) => action.startsWith("kms:"))).toEqual(["kms:GenerateDataKey"]);
  });

  it("a key is used through Parameter Store for introductions alone", () => {
    const [use, ...others] = roleStatements(template, "join-client").filter((one) =>
      actionsOf(one).includes("kms:GenerateDataKey"),
    );
    expect(others).toEqual([]);
    expect(use?.Condition).toEqual({
      StringEquals: { "kms:ViaService": "ssm.eu-central-1.amazonaws.com" },
      StringLike: { "kms:EncryptionContext:PARAMETER_ARN": `${anyInstance}/introduction` },
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/drover" },
    });
  });
});

describe("the policy for the role of the instances", () => {
  const allowed = ofInstances.filter(({ Effect }) => Effect === "Allow");
  const find = (action: string) => allowed.filter((one) => actionsOf(one).includes(action));

  const reads = [
    "ssm:GetParameter",
    "ssm:GetParameterHistory",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
  ];
  /** The conditions under which all of these are denied for every instance's parameters. */
  const denied = (actions: readonly string[]) =>
    ofInstances
      .filter((one) => one.Effect === "Deny" && resourcesOf(one).includes(anyInstance))
      .filter((one) => actions.every((action) => actionsOf(one).includes(action)))
      .map((one) => one.Condition);

  it("reads and overwrites what is tagged with the caller's own ARN, and makes nothing", () => {
    expect(find("ssm:GetParameter")).toEqual([
      {
        Effect: "Allow",
        Action: "ssm:GetParameter",
        Resource: `${anyInstance}/introduction`,
        Condition: OWN,
      },
    ]);
    expect(find("ssm:PutParameter")).toEqual([
      {
        Effect: "Allow",
        Action: "ssm:PutParameter",
        Resource: `${anyInstance}/report`,
        Condition: OWN,
      },
    ]);
    expect(allowed.flatMap(actionsOf).sort()).toEqual([
      "kms:Decrypt",
      "ssm:GetParameter",
      "ssm:PutParameter",
    ]);
  });

  it("denies others' parameters to a role that may read all by another policy", () => {
    expect(denied(reads)).toEqual([{ StringNotEquals: OWN.StringEquals }, WITHOUT_ARN]);
  });

  it("denies all to a session that carries no instance's ARN, which compares with nothing", () => {
    expect(denied([...reads, "ssm:PutParameter"])).toContainEqual(WITHOUT_ARN);
  });

  it("denies to change whose a parameter is, or to delete one, even its own", () => {
    const changes = ["AddTagsToResource", "RemoveTagsFromResource"];
    const deletions = ["DeleteParameter", "DeleteParameters"];
    expect(denied([...changes, ...deletions].map((name) => `ssm:${name}`))).toEqual([undefined]);
  });

  it("denies to read by a path above, which no denial below would stop", () => {
    const above = ofInstances.filter(
      (one) => one.Effect === "Deny" && !resourcesOf(one).includes(anyInstance),
    );
    expect(above.map((one) => [actionsOf(one), resourcesOf(one), one.Condition])).toEqual([
      [
        ["ssm:GetParametersByPath"],
        [`${PARAMETERS}/`, `${PARAMETERS}/drover`, `${PARAMETERS}/drover/nodes`],
        undefined,
      ],
    ]);
  });

  it("fits the names that Drover gives the parameters", () => {
    const { path } = config.introduction ?? { path: "" };
    const names = introductionNames(path, InstanceId.parse("i-0123456789abcdef0"));
    const pattern = (action: string) => {
      const [resource] = find(action).flatMap(resourcesOf);
      return new RegExp(`^${String(resource).replaceAll("*", "[^/]+")}$`);
    };
    expect(PARAMETERS + names.introduction).toMatch(pattern("ssm:GetParameter"));
    expect(PARAMETERS + names.report).toMatch(pattern("ssm:PutParameter"));
    expect(PARAMETERS + names.report).not.toMatch(pattern("ssm:GetParameter"));
  });

  it("needs no key where the account's own is used", async () => {
    const { kmsKeyId: _none, ...introduction } = { ...sampleConfig().introduction };
    const { rotate: _rotated, ...rest } = config;
    const { template: other } = await synthesize({
      ...rest,
      introduction: { ...introduction } as typeof config.introduction,
    });
    expect(JSON.stringify(other.toJSON())).not.toContain("kms:");
  });

  it("is not made where new instances are given nothing", async () => {
    const { introduction: _none, rotate: _rotated, ...rest } = config;
    const { template: other } = await synthesize(rest);
    other.resourceCountIs("AWS::IAM::ManagedPolicy", 0);
    expect(JSON.stringify(other.toJSON())).not.toMatch(/ssm:\w+Parameter|IntroductionPolicyArn/);
  });
});
