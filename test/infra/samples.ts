import { join, resolve } from "node:path";
import type { Config } from "../../lambdas/contracts/config.ts";
import { readConfigFile } from "../../lambdas/contracts/config-file.ts";

export const REPOSITORY = resolve(import.meta.dirname, "../..");

/** The configuration of a sample in examples/. */
export function sampleConfig(name: "drover" | "minimal" = "drover"): Config {
  return readConfigFile(join(REPOSITORY, "examples", `${name}.yaml`));
}
