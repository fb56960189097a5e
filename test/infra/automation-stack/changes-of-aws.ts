import { describe, expect, it } from "vitest";
import { FUNCTION_NAMES, type FunctionName } from "../../../lambdas/contracts/names.ts";
import { actionsOf, allowed, allowedWith, resourcesOf } from "./policies.ts";
import { config, template } from "./sample-stack.ts";

const GROUP = "arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:*";
const groups = config.groups.map(({ name }) => `${GROUP}:autoScalingGroupName/${name}`);

describe("groups", () => {
  const onGroups = (name: FunctionName) =>
    allowed(template, name)
      .filter((one) => resourcesOf(one).some((resource) => String(resource).startsWith(GROUP)))
      .map((one) => [actionsOf(one), resourcesOf(one)]);
  const hooks = [
    "autoscaling:CompleteLifecycleAction",
    "autoscaling:RecordLifecycleActionHeartbeat",
  ];

  it("drain-client ends hooks and instances of its groups, and of no other", () => {
    const replacing = [
      "autoscaling:SetInstanceHealth",
      "autoscaling:TerminateInstanceInAutoScalingGroup",
    ];
    expect(onGroups("drain-client")).toEqual([[[...hooks, ...replacing], groups]]);
  });

  it("join-client ends hooks of its groups only", () => {
    expect(onGroups("join-client")).toEqual([[hooks, groups]]);
  });

  it("no other function changes anything of a group", () => {
    for (const name of ["register-node", "heal-node", "sweep", "rotate-tokens"] as const) {
      const changes = allowed(template, name)
        .flatMap(actionsOf)
        .filter((action) => /^autoscaling:(?!Describe)/.test(action));
      expect(changes, name).toEqual([]);
    }
  });
});

describe("commands", () => {
  it("heal-node sends its own document, to instances of its groups", () => {
    const sends = allowed(template, "heal-node").filter((one) =>
      actionsOf(one).includes("ssm:SendCommand"),
    );
    expect(sends).toEqual([
      {
        Effect: "Allow",
        Action: "ssm:SendCommand",
        Resource: "arn:aws:ssm:eu-central-1:123456789012:document/Drover-RestartAgents-drover",
      },
      {
        Effect: "Allow",
        Action: "ssm:SendCommand",
        Resource: "arn:aws:ec2:eu-central-1:123456789012:instance/*",
        Condition: {
          StringEquals: {
            "ssm:resourceTag/aws:autoscaling:groupName": config.groups.map(({ name }) => name),
          },
        },
      },
    ]);
  });

  it("no other function but rotate-tokens sends any", () => {
    const senders = FUNCTION_NAMES.filter(
      (name) => allowedWith(template, name, "ssm:SendCommand").length > 0,
    );
    expect(senders).toEqual(["heal-node", "rotate-tokens"]);
  });
});
