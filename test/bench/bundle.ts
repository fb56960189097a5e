import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../infra/bundle.ts";
import { FUNCTION_NAMES } from "../../lambdas/contracts/names.ts";
import { percentile, round } from "./percentile.ts";

const RUNS = 9;
const TARGET_KILOBYTES = 600;

/** What a fresh process says of importing a module: milliseconds, and resident megabytes after. */
const PROBE = `
const began = performance.now();
await import(process.argv[1]);
const took = performance.now() - began;
console.log(JSON.stringify({ took, resident: process.memoryUsage.rss() / 1e6 }));`;

/** Size, import time and resident memory of each function's bundle, beside an empty handler. */
export async function bundleSizes(): Promise<Record<string, unknown>[]> {
  const folder = mkdtempSync(join(tmpdir(), "drover-bench-"));
  const empty = join(folder, "empty.mjs");
  writeFileSync(empty, "export const handler = async () => undefined;\n");
  const lines: Record<string, unknown>[] = [];
  for (const name of FUNCTION_NAMES) {
    const entry = fileURLToPath(
      new URL(`../../lambdas/functions/${name}/index.ts`, import.meta.url),
    );
    const { bytes } = await bundle(entry, join(folder, name));
    lines.push({
      function: name,
      kilobytes: round(bytes / 1_000),
      targetKilobytes: TARGET_KILOBYTES,
      ...measure(join(folder, name, "index.mjs")),
      empty: measure(empty),
    });
  }
  rmSync(folder, { recursive: true });
  return lines;
}

function measure(path: string) {
  const runs = Array.from({ length: RUNS }, () => {
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", PROBE, path]);
    return JSON.parse(output.toString()) as { took: number; resident: number };
  });
  return {
    importMillisecondsP50: round(
      percentile(
        runs.map(({ took }) => took),
        0.5,
      ),
    ),
    residentMegabytesP50: round(
      percentile(
        runs.map(({ resident }) => resident),
        0.5,
      ),
    ),
  };
}
