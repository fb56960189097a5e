import { join } from "node:path";
import { type App, Tags, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { functionsOf } from "../lambdas/contracts/config/connections.ts";
import type { Config } from "../lambdas/contracts/config.ts";
import type { FunctionName } from "../lambdas/contracts/names.ts";
import { bundle } from "./bundle.ts";
import { AutomationStack } from "./stacks/automation-stack.ts";

export interface BuildOptions {
  /** The module of a function. @default `lambdas/functions/<name>/index.ts` */
  readonly entry?: (name: FunctionName) => string;
}

/**
 * Fills the app with everything a configuration asks for, checked by cdk-nag: synthesis fails on a
 * finding.
 * @throws {ConfigError} for a value that AWS or CDK can't take, naming its field.
 */
export async function buildApp(
  app: App,
  config: Config,
  { entry = (name) => `lambdas/functions/${name}/index.ts` }: BuildOptions = {},
): Promise<AutomationStack> {
  const bundleFunction = async (name: FunctionName) => {
    const folder = join(app.outdir, "bundles", name);
    await bundle(entry(name), folder, { config });
    return [name, folder] as const;
  };
  const folders = await Promise.all(functionsOf(config).map(bundleFunction));
  const stack = new AutomationStack(app, "Automation", {
    stackName: `${config.name}-automation`,
    description:
      "Drover: joins, drains, heals and registers the nodes of a Nomad cluster, and rotates its tokens",
    env: { account: config.account, region: config.region },
    config,
    code: new Map(folders),
  });
  Tags.of(stack).add("drover:deployment", config.name);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return stack;
}
