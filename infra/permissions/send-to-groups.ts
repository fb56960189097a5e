import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Permissions } from "../constructs/function-role.ts";

const SEND = ["ssm:SendCommand"];

/**
 * Sending one of Drover's own documents, and no other, to instances of some Auto Scaling groups.
 *
 * Two statements, since a document has no such tag. The key has to be `ssm:resourceTag`: Run Command acts in
 * the caller's name later on, when global keys such as `aws:ResourceTag` no longer say the same ("Setting up
 * Run Command" in the guide of Systems Manager). Auto Scaling itself gives its instances the tag, and nobody
 * else can: its name begins with `aws:`.
 */
export function sendToGroups(
  scope: Construct,
  documentName: string,
  groups: readonly string[],
): Permissions {
  const stack = Stack.of(scope);
  const document = stack.formatArn({
    service: "ssm",
    resource: "document",
    resourceName: documentName,
  });
  const instances = stack.formatArn({
    service: "ec2",
    resource: "instance",
    resourceName: "*",
  });
  return {
    statements: [
      new PolicyStatement({ actions: SEND, resources: [document] }),
      new PolicyStatement({
        actions: SEND,
        resources: [instances],
        conditions: {
          StringEquals: {
            "ssm:resourceTag/aws:autoscaling:groupName": [...groups],
          },
        },
      }),
    ],
    wildcards: {
      [`Resource::${instances}`]:
        "Auto Scaling launches instances whose ids nobody knows before; the condition keeps to the groups.",
    },
  };
}
