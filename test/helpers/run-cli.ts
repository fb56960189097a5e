import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Half of what a process of the CLI costs is compiling: what one has compiled serves the next. */
const NODE_COMPILE_CACHE = join(tmpdir(), "drover-compiled");

const DROVER = fileURLToPath(new URL("../../bin/drover.ts", import.meta.url));

/** What a run of the CLI left behind. */
export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `drover` as a user does, in a process of its own, and waits for its end. */
export function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
  input = "",
): Promise<CliRun> {
  const child = spawn(process.execPath, [DROVER, ...args], {
    env: { NODE_COMPILE_CACHE, ...process.env, NO_COLOR: "1", ...environment },
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...output }));
  });
}
