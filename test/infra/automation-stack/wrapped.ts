import { describe, expect, it } from "vitest";
import { Rotate } from "../../../lambdas/contracts/config/rotate.ts";
import { sampleConfig } from "../samples.ts";
import { synthesize } from "../synthesis.ts";
import {
  actionsOf,
  allowed,
  allowedWith,
  arnOf,
  managedStatements,
  resourcesOf,
} from "./policies.ts";
import { template } from "./sample-stack.ts";

const PARAMETERS = "arn:aws:ssm:eu-central-1:123456789012:parameter";
const anyMachine = `${PARAMETERS}/backup/vault/*`;
const ofMachines = managedStatements(template, "drover-wrapped");

describe("what machines are given in wrappings", () => {
  it("rotate-tokens makes, tags with the instance, and deletes, under its path alone", () => {
    const onPath = allowed(template, "rotate-tokens").filter((one) =>
      resourcesOf(one).includes(anyMachine),
    );
    expect(onPath.map((one) => [actionsOf(one), one.Condition])).toEqual([
      [["ssm:DeleteParameter", "ssm:PutParameter"], undefined],
      [
        ["ssm:AddTagsToResource"],
        { "ForAllValues:StringEquals": { "aws:TagKeys": ["drover:instance"] } },
      ],
    ]);
  });

  it("rotate-tokens finds their machines, where nothing else of it needs to", async () => {
    const wrapped = { groups: ["backup"], path: "/one" };
    const one = { name: "one", kind: "vault-secret-id", role: "one", secret: "one", wrapped };
    const rotate = Rotate.parse({ of: [one] });
    const { template: alone } = await synthesize({ ...sampleConfig(), rotate });
    expect(allowedWith(alone, "rotate-tokens", "autoscaling:")).toEqual([
      [["autoscaling:DescribeAutoScalingGroups"], ["*"]],
    ]);
  });

  it("rotate-tokens can't read again", () => {
    const reads = allowedWith(template, "rotate-tokens", "ssm:GetParameter");
    expect(reads.flatMap(([, resources]) => resources)).not.toContain(anyMachine);
  });

  it("each machine reads, and no other does, whatever else its role has", () => {
    const tag = "aws:ResourceTag/drover:instance";
    const own = "$" + "{ec2:SourceInstanceARN}";
    const reads = ofMachines.filter((one) => actionsOf(one).includes("ssm:GetParameter"));
    expect(reads.map((one) => [one.Effect, resourcesOf(one), one.Condition])).toEqual([
      [
        "Allow",
        [anyMachine],
        { Null: { "ec2:SourceInstanceARN": "false" }, StringEquals: { [tag]: own } },
      ],
      ["Deny", [anyMachine], { StringNotEquals: { [tag]: own } }],
      ["Deny", [anyMachine], { Null: { "ec2:SourceInstanceARN": "true" } }],
    ]);
    expect(ofMachines.filter(({ Effect }) => Effect === "Allow").flatMap(actionsOf)).toEqual([
      "ssm:GetParameter",
      "kms:Decrypt",
    ]);
  });

  it("is decrypted through Parameter Store, under the stack's own key", () => {
    const [use] = ofMachines.filter((one) => actionsOf(one).includes("kms:Decrypt"));
    expect(use).toMatchObject({
      Resource: arnOf(template, "AWS::KMS::Key", "RotationParameterKey"),
      Condition: {
        StringEquals: { "kms:ViaService": "ssm.eu-central-1.amazonaws.com" },
        StringLike: { "kms:EncryptionContext:PARAMETER_ARN": [anyMachine] },
      },
    });
  });

  it("is nowhere when nothing is wrapped", async () => {
    const of = [{ name: "one", kind: "vault-secret-id", role: "one", secret: "one" }];
    const rotate = Rotate.parse({ of });
    const { template: without } = await synthesize({ ...sampleConfig(), rotate });
    expect(managedStatements(without, "drover-wrapped")).toEqual([]);
    without.resourceCountIs("AWS::KMS::Key", 0);
    expect(allowedWith(without, "rotate-tokens", "ssm:")).toEqual([]);
  });
});
