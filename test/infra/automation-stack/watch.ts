import { describe, expect, it } from "vitest";
import { Rotate } from "../../../lambdas/contracts/config/rotate.ts";
import { sampleConfig } from "../samples.ts";
import { synthesize } from "../synthesis.ts";
import { actionsOf, allowed, allowedWith, arnOf } from "./policies.ts";

/** What lets Drover in at Nomad. */
const READ = ["drover/nomad-client-certificate", "drover/nomad-token"].map(
  (name) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-??????`,
);

describe("rotation of nothing, for the watch alone", () => {
  it("is the function with its look and alarms, and reads what is watched and no more", async () => {
    const { template: made } = await synthesize({ ...sampleConfig(), rotate: Rotate.parse({}) });
    arnOf(made, "AWS::Lambda::Function", "RotateTokens");
    expect(allowedWith(made, "rotate-tokens", "secretsmanager:")).toEqual([
      [["secretsmanager:GetSecretValue"], READ],
    ]);
    const actions = allowed(made, "rotate-tokens").flatMap(actionsOf);
    expect(actions.filter((action) => /^(kms|ssm|autoscaling):/.test(action))).toEqual([]);
    made.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: "rate(5 minutes)" });
    for (const alarm of [
      "credential-expiring",
      "rotation-unwatched",
      "rotation-look-not-running",
    ]) {
      made.hasResourceProperties("AWS::CloudWatch::Alarm", {
        AlarmName: `drover-rotate-tokens-${alarm}`,
      });
    }
    for (const type of [
      "AWS::SecretsManager::RotationSchedule",
      "AWS::KMS::Key",
      "AWS::Lambda::Permission",
    ]) {
      made.resourceCountIs(type, 0);
    }
  });
});
