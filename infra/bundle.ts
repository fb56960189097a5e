import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import type { Config } from "../lambdas/contracts/config.ts";
import { lambdaCredentialsOnly } from "./lambda-credentials.ts";
import { treeShakableSchemas } from "./tree-shakable-schemas.ts";
import { unusedParts } from "./unused-parts.ts";

/** The file a function reads its configuration from, beside its code. */
export const CONFIG_FILE_NAME = "drover.json";
/** The bundled module; Lambda calls its export `handler`. */
const BUNDLE_FILE_NAME = "index.mjs";

const REPOSITORY = resolve(import.meta.dirname, "..");
/** For CommonJS dependencies that `require` a built-in module, which an ES module can't. */
const REQUIRE_BANNER =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

export interface BundleOptions {
  /** Put beside the code as `drover.json`. @default - no configuration file */
  readonly config?: Config;
  /** Whether to write a linked source map. @default false */
  readonly sourceMap?: boolean;
}

/**
 * Bundles a function's entry module into an empty `outDir` as one minified ES module. The same
 * input gives the same bytes wherever the repository lies, so the asset's hash is stable.
 * @param entry path of the module, absolute or relative to the repository.
 * @returns the size of the module in bytes and what esbuild says went into it.
 * @throws esbuild's `BuildFailure` when a module can't be found or read.
 */
export async function bundle(
  entry: string,
  outDir: string,
  options: BundleOptions = {},
): Promise<{ readonly bytes: number; readonly metafile: Metafile }> {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const outfile = resolve(outDir, BUNDLE_FILE_NAME);
  const metafile = await buildModule(entry, outfile, options);
  if (options.config) {
    await writeFile(join(outDir, CONFIG_FILE_NAME), `${JSON.stringify(options.config, null, 2)}\n`);
  }
  const output = outputOf(metafile);
  return { bytes: output.bytes, metafile };
}

async function buildModule(entry: string, outfile: string, { sourceMap }: BundleOptions) {
  const options = {
    absWorkingDir: REPOSITORY,
    entryPoints: [resolve(REPOSITORY, entry)],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    sourcemap: sourceMap ? "linked" : false,
    plugins: [treeShakableSchemas, lambdaCredentialsOnly, unusedParts],
    metafile: true,
    logLevel: "silent",
  } as const satisfies BuildOptions;
  const { metafile } = await build(options);
  if (!requiresAtRunTime(metafile)) return metafile;
  return (await build({ ...options, banner: { js: REQUIRE_BANNER } })).metafile;
}

function requiresAtRunTime(metafile: Metafile): boolean {
  return outputOf(metafile).imports.some(({ kind }) => kind === "require-call");
}

function outputOf(metafile: Metafile): Metafile["outputs"][string] {
  const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint);
  if (!output) throw new Error("esbuild wrote no module");
  return output;
}
