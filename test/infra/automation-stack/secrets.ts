import { describe, expect, it } from "vitest";
import { FUNCTION_NAMES, type FunctionName } from "../../../lambdas/contracts/names.ts";
import { sampleConfig } from "../samples.ts";
import { synthesize } from "../synthesis.ts";
import { actionsOf, allowedWith, resourcesOf, roleStatements } from "./policies.ts";
import { template } from "./sample-stack.ts";

describe("secrets", () => {
  const secret = (name: string) =>
    `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-??????`;

  const others = FUNCTION_NAMES.filter((name) => name !== "rotate-tokens");
  it.each(others)("%s reads the configured ones only", (name) => {
    expect(allowedWith(template, name, "secretsmanager:")).toEqual([
      [
        ["secretsmanager:GetSecretValue"],
        [secret("drover/nomad-client-certificate"), secret("drover/nomad-token")],
      ],
    ]);
  });

  it("are those of Consul and of the login to Vault, too", async () => {
    const config = sampleConfig();
    if (!config.consul || !config.vault) throw new Error("the sample lacks Consul or Vault");
    const { tokenFromVault: _none, ...consul } = config.consul;
    const { template: other } = await synthesize({
      ...config,
      consul: { ...consul, tokenSecret: "consul-token" },
      vault: { ...config.vault, login: { method: "approle", mount: "approle", secret: "approle" } },
    });
    const reads = (name: FunctionName) =>
      roleStatements(other, name)
        .filter((one) => actionsOf(one).includes("secretsmanager:GetSecretValue"))
        .flatMap(resourcesOf);
    expect(reads("join-client")).toEqual(
      expect.arrayContaining([secret("consul-token"), secret("approle")]),
    );
    expect(reads("register-node")).toContain(secret("consul-token"));
    // It takes no token of Vault's here, and so has no use for a login.
    expect(reads("register-node")).not.toContain(secret("approle"));
  });
});
