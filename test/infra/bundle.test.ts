import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import { bundle } from "../../infra/bundle.ts";
import { treeShakableSchemas } from "../../infra/tree-shakable-schemas.ts";
import { parseConfig } from "../../lambdas/contracts/config.ts";
import { FUNCTION_NAMES } from "../../lambdas/contracts/names.ts";
import { REPOSITORY, sampleConfig } from "./samples.ts";

const SDK = join(REPOSITORY, "node_modules/@aws-sdk");

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "drover-bundle-"));
}

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const oneEc2Call = write(
  newFolder(),
  "index.ts",
  `import { DescribeInstancesCommand } from "${SDK}/client-ec2/dist-es/index.js";
   export const handler = () => new DescribeInstancesCommand({}).constructor.name.length > 0;`,
);

/** Three calls that AWS refuses, and what of each refusal Drover goes by. */
const askThree = write(
  newFolder(),
  "index.ts",
  `import { Readable } from "node:stream";
   import { PutParameterCommand, SSMClient } from "${SDK}/client-ssm/dist-es/index.js";
   import { DynamoDBClient, PutItemCommand } from "${SDK}/client-dynamodb/dist-es/index.js";
   const refusing = (type) => ({
     region: "eu-central-1",
     credentials: { accessKeyId: "a", secretAccessKey: "b" },
     maxAttempts: 1,
     requestHandler: {
       handle: async () => {
         const body = Readable.from([JSON.stringify({ __type: type, message: "because" })]);
         const headers = { "content-type": "application/x-amz-json-1.1" };
         return { response: { statusCode: 400, headers, body } };
       },
     },
   });
   const parameter = new PutParameterCommand({ Name: "/a", Value: "b", Type: "String" });
   const item = new PutItemCommand({ TableName: "t", Item: { pk: { S: "a" } } });
   const calls = () => [
     new SSMClient(refusing("ParameterAlreadyExists")).send(parameter),
     new DynamoDBClient(refusing("com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException")).send(item),
     new SSMClient(refusing("NoSuchThingAnywhere")).send(parameter),
   ];
   export const failures = async () =>
     (await Promise.allSettled(calls())).map(({ reason }) => ({
       name: reason.name,
       message: reason.message,
       fault: reason.$fault,
       status: reason.$metadata.httpStatusCode,
     }));`,
);

describe("a bundle", () => {
  it("runs, and holds of the SDK little more than the calls that are made", async () => {
    const outDir = newFolder();
    const { bytes } = await bundle(oneEc2Call, outDir);
    expect(bytes).toBe(statSync(join(outDir, "index.mjs")).size);
    expect(bytes).toBeLessThan(300_000);
    const { handler } = await import(join(outDir, "index.mjs"));
    expect(handler()).toBe(true);
  });

  it("is the same byte for byte wherever it is written, and replaces what was there", async () => {
    const [first, second] = [newFolder(), newFolder()];
    write(second, "left-over.mjs", "");
    const config = sampleConfig();
    await bundle(oneEc2Call, first, { config });
    await bundle(oneEc2Call, second, { config });
    expect(readdirSync(second)).toEqual(["drover.json", "index.mjs"]);
    for (const name of readdirSync(first)) {
      expect(readFileSync(join(first, name))).toEqual(readFileSync(join(second, name)));
    }
  });

  it("carries the configuration, which reads back as it was", async () => {
    const outDir = newFolder();
    const config = sampleConfig();
    await bundle(oneEc2Call, outDir, { config });
    const text = readFileSync(join(outDir, "drover.json"), "utf8");
    expect(parseConfig(JSON.parse(text), "drover.json")).toEqual(config);
  });

  it("gives a CommonJS dependency the `require` it needs, and others none", async () => {
    const [folder, outDir] = [newFolder(), newFolder()];
    write(folder, "dependency.cjs", 'module.exports = require("node:os").EOL;');
    const entry = write(
      folder,
      "index.ts",
      'import eol from "./dependency.cjs"; export const handler = () => eol;',
    );
    await bundle(entry, outDir);
    const { handler } = await import(join(outDir, "index.mjs"));
    expect(handler()).toBe("\n");
    await bundle(oneEc2Call, outDir);
    expect(readFileSync(join(outDir, "index.mjs"), "utf8")).not.toContain("createRequire");
  });

  it("passes over sources of credentials that a function never has", async () => {
    const [folder, outDir] = [newFolder(), newFolder()];
    const provider = `${SDK}/credential-provider-node/dist-es/index.js`;
    const entry = write(folder, "index.ts", `export { defaultProvider } from "${provider}";`);
    await bundle(entry, outDir);
    const { defaultProvider } = await import(join(outDir, "index.mjs"));
    await expect(defaultProvider()()).resolves.toMatchObject({ accessKeyId: "test" });
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    await expect(defaultProvider()()).rejects.toThrow(/^(EC2 Instance Metadata|Could not load)/);
    vi.unstubAllEnvs();
  });

  it("does without parts of libraries that no function uses, and says so if one does", async () => {
    const [folder, outDir] = [newFolder(), newFolder()];
    const zod = join(REPOSITORY, "node_modules/zod/index.js");
    const entry = write(
      folder,
      "index.ts",
      `import * as z from "${zod}";
       import { SQSClient } from "${SDK}/client-sqs/dist-es/index.js";
       const schema = z.object({ at: z.codec(z.iso.datetime(), z.date(), {
         decode: (text) => new Date(text),
         encode: (at) => at.toISOString(),
       }), n: z.int().min(1).default(7) });
       export const parse = (value) => schema.safeParse(value);
       export const validate = (value) => schema["~standard"].validate(value);
       export const write = () => z.toJSONSchema(schema);
       export const userAgent = () =>
         new SQSClient({ region: "eu-central-1" }).config.defaultUserAgentProvider();`,
    );
    await bundle(entry, outDir);
    const bundled = await import(join(outDir, "index.mjs"));
    const original = await import(entry);
    const good = { at: "2026-01-01T00:00:00Z" };
    const bad = { at: "yesterday", n: 0 };
    expect(bundled.parse(good).data).toEqual({ at: new Date(good.at), n: 7 });
    expect(bundled.parse(bad).error.issues).toEqual(original.parse(bad).error.issues);
    expect(bundled.validate(bad)).toEqual(original.validate(bad));
    expect(bundled.write).toThrow("JSON schemas are not in the bundle");
    expect(await bundled.userAgent()).toEqual(await original.userAgent());
  });

  it.each(FUNCTION_NAMES)("of %s stays below 600 KB", async (name) => {
    const { bytes } = await bundle(`lambdas/functions/${name}/index.ts`, newFolder());
    expect(bytes).toBeLessThan(600_000);
  });

  it("tells errors of AWS by the same name, text and status as the SDK itself", async () => {
    const outDir = newFolder();
    await bundle(askThree, outDir, { sourceMap: false });
    const [bundled, original] = await Promise.all([
      import(join(outDir, "index.mjs")),
      import(askThree),
    ]);
    const failures = await bundled.failures();
    expect(failures).toEqual(await original.failures());
    expect(failures.map(({ name }: { name: string }) => name)).toEqual([
      "ParameterAlreadyExists",
      "ConditionalCheckFailedException",
      "NoSuchThingAnywhere",
    ]);
  });

  it("fails when the entry is not there", async () => {
    await expect(bundle("lambdas/functions/nothing.ts", newFolder())).rejects.toThrow(
      /Could not resolve/,
    );
  });
});

describe("schemas made tree-shakable", () => {
  it.each(["auto-scaling", "ec2", "sqs", "ssm"])(
    "of client-%s say the same as before",
    async (name) => {
      const schemas = `${SDK}/client-${name}/dist-es/schemas/schemas_0.js`;
      const [before, after] = await Promise.all([
        exportsOf(schemas, []),
        exportsOf(schemas, [treeShakableSchemas]),
      ]);
      expect(Object.keys(after).length).toBeGreaterThan(20);
      expect(JSON.stringify(after)).toBe(JSON.stringify(before));
    },
  );
});

async function exportsOf(entry: string, plugins: Plugin[]) {
  const outfile = join(newFolder(), "schemas.mjs");
  const options: BuildOptions = {
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    plugins,
  };
  await build(options);
  return { ...(await import(outfile)) };
}
