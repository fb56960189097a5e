import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { buildApp } from "../../infra/build-app.ts";
import type { Config } from "../../lambdas/contracts/config.ts";
import { REPOSITORY } from "./samples.ts";

/** An app with the context of cdk.json, as the CDK CLI starts it, that writes to a fresh folder. */
export function newApp(): App {
  const { context } = JSON.parse(readFileSync(join(REPOSITORY, "cdk.json"), "utf8"));
  return new App({ context, outdir: mkdtempSync(join(tmpdir(), "drover-cdk-")) });
}

/**
 * Synthesizes the whole app with cdk-nag. The functions' code is a stand-in: what is deployed
 * around it does not depend on it.
 */
export async function synthesize(config: Config) {
  const app = newApp();
  const standIn = join(app.outdir, "stand-in.ts");
  writeFileSync(standIn, "export const handler = async () => ({});\n");
  const stack = await buildApp(app, config, { entry: () => standIn });
  const assembly = app.synth();
  const template = Template.fromStack(stack);
  return { app, assembly, stack, template };
}
