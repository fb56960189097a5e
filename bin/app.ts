import { App } from "aws-cdk-lib";
import { buildApp } from "../infra/build-app.ts";
import { ConfigError } from "../lambdas/contracts/config.ts";
import { readConfigFile } from "../lambdas/contracts/config-file.ts";

async function main(): Promise<void> {
  const app = new App();
  const path: unknown = app.node.tryGetContext("config");
  if (typeof path !== "string" || path === "") {
    throw new ConfigError(
      "no configuration: pass its path with -c config=PATH, such as " +
        "`npx cdk synth -c config=examples/drover.yaml`; examples/ has samples to start from",
    );
  }
  await buildApp(app, readConfigFile(path));
  app.synth();
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
