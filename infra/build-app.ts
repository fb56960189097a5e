import { join } from "node:path";
import { type App, Tags, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { Config } from "../lambdas/contracts/config.ts";
import { bundle } from "./bundle.ts";
import { AutomationStack } from "./stacks/automation-stack.ts";

const DRAIN_CLIENT_ENTRY = "lambdas/functions/drain-client/index.ts";

export interface BuildOptions {
  /** The module of drain-client. @default lambdas/functions/drain-client/index.ts */
  readonly drainClientEntry?: string;
}

/**
 * Fills the app with everything a configuration asks for, checked by cdk-nag: synthesis fails on a
 * finding.
 * @throws {ConfigError} for a value that AWS or CDK can't take, naming its field.
 */
export async function buildApp(
  app: App,
  config: Config,
  { drainClientEntry = DRAIN_CLIENT_ENTRY }: BuildOptions = {},
): Promise<AutomationStack> {
  const drainClientCode = join(app.outdir, "bundles", "drain-client");
  await bundle(drainClientEntry, drainClientCode, { config });
  const stack = new AutomationStack(app, "Automation", {
    stackName: `${config.name}-automation`,
    description: "Drover: drains Nomad clients that leave their Auto Scaling group",
    env: { account: config.account, region: config.region },
    config,
    drainClientCode,
  });
  Tags.of(stack).add("drover:deployment", config.name);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return stack;
}
