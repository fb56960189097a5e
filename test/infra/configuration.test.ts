import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Config, ConfigError } from "../../lambdas/contracts/config.ts";
import { REPOSITORY, sampleConfig } from "./samples.ts";
import { synthesize } from "./synthesis.ts";

const folder = mkdtempSync(join(tmpdir(), "drover-config-"));

/** Runs the app as the CDK CLI does, with no credentials at hand. */
function runApp(context: Record<string, string>) {
  const { PATH } = process.env;
  return spawnSync(process.execPath, ["bin/app.ts"], {
    cwd: REPOSITORY,
    encoding: "utf8",
    env: {
      PATH,
      CDK_OUTDIR: mkdtempSync(join(tmpdir(), "drover-cdk-")),
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
  });
}

function change(pattern: RegExp, replacement: string): string {
  const text = readFileSync(join(REPOSITORY, "examples/minimal.yaml"), "utf8");
  const path = join(folder, "drover.yaml");
  writeFileSync(path, text.replace(pattern, replacement));
  return path;
}

describe("the CA certificates that it names by their files", () => {
  it("are in it, those of other Vaults as well", () => {
    const { nomad, consul, rotate } = sampleConfig();
    const others = (rotate?.of ?? []).flatMap((each) =>
      "server" in each && each.server ? [each.server] : [],
    );
    const ca = readFileSync(join(REPOSITORY, "examples/nomad-ca.pem"), "utf8");
    expect(others).toHaveLength(1);
    for (const server of [nomad, consul, ...others]) expect(server?.tls).toMatchObject({ ca });
    expect(JSON.stringify([nomad, consul, ...others])).not.toContain("caFile");
  });
});

describe("the app", () => {
  it("says what to pass when there is no configuration", () => {
    const { status, stderr } = runApp({});
    expect(status).toBe(1);
    expect(stderr).toContain("pass its path with -c config=PATH");
    expect(stderr).toContain("examples/");
  });

  it("names the field that is wrong, without a stack trace", () => {
    const { status, stderr } = runApp({ config: change(/account: .*/, "account: 12") });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ {2}account: /m);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("a value that AWS would refuse later is refused at once", () => {
  const { functions, vpc, ...rest } = sampleConfig();

  it("a number of days that CloudWatch Logs does not know", async () => {
    const config = { ...rest, vpc, functions: { ...functions, logRetentionDays: 31 } };
    await expect(synthesize(config)).rejects.toThrow(/^functions\.logRetentionDays: .* 30, /);
    await expect(synthesize(config)).rejects.toBeInstanceOf(ConfigError);
  });

  it("subnets that don't match the zones", async () => {
    const privateSubnetIds = ["subnet-1", "subnet-2", "subnet-3"];
    const config = { ...rest, functions, vpc: { ...vpc, privateSubnetIds } };
    await expect(synthesize(config)).rejects.toThrow(/^vpc\.privateSubnetIds: 3 subnets/);
  });
});

describe("the full sample", () => {
  it("shows every field", () => {
    const sample = sampleConfig();
    for (const [field, schema] of Object.entries(Config.shape)) {
      expect(sample, field).toHaveProperty(field);
      expect(schema.safeParse(sample[field as keyof typeof sample]).success, field).toBe(true);
    }
    const text = readFileSync(join(REPOSITORY, "examples/drover.yaml"), "utf8");
    const written = fieldNames(sample).filter((name) => name !== "ca");
    for (const name of written) expect(text).toMatch(new RegExp(`\\b${name}:`));
  });
});

function fieldNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fieldNames);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...fieldNames(inner)]);
}
