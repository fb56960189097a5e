import { join } from "node:path";
import { type Settings, settingsVariable } from "../settings.ts";
import { REPOSITORY } from "./environment.ts";
import type { Processes } from "./processes.ts";

/** Files that need nothing of what is deployed: they run beside the others. */
const APART = ["consul-contract", "openbao-contract", "user-data"];

/**
 * Runs the tests.
 * @param filters as for vitest: then those files alone. @default all
 */
export async function runTests(
  processes: Processes,
  env: NodeJS.ProcessEnv,
  settings: Settings,
  filters: readonly string[],
): Promise<void> {
  const run = (name: string, args: readonly string[], output?: "terminal") =>
    processes.run({
      name,
      command: process.execPath,
      args: [
        join(REPOSITORY, "node_modules/vitest/vitest.mjs"),
        "run",
        ...["--config", "test/e2e/vitest.config.ts"],
        ...args,
      ],
      env: { ...env, ...settingsVariable(settings) },
      cwd: REPOSITORY,
      ...(output && { output }),
    });
  if (filters.length > 0) return run("the tests", filters, "terminal");
  const others = APART.flatMap((file) => ["--exclude", `test/e2e/${file}.test.ts`]);
  const ends = await Promise.allSettled([
    run("the tests", others, "terminal"),
    run("the tests apart", APART),
  ]);
  const failed = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  if (failed.length > 0) throw failed[0];
  console.log(`${APART.join(", ")}: passed, beside the others`);
}
