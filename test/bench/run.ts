import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

// Set before anything reads them: the handlers' own logs and metrics are no part of a measurement.
Object.assign(process.env, {
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench",
  POWERTOOLS_LOG_LEVEL: "SILENT",
  POWERTOOLS_METRICS_DISABLED: "true",
});

/** The cases; each measures and returns what its lines of JSON hold. */
const CASES: Record<string, () => Promise<Record<string, unknown>[]>> = {
  storm: async () => (await import("./storm.ts")).storm(),
  "join-storm": async () => (await import("./join-storm.ts")).joinStorm(),
  rotate: async () => (await import("./rotate.ts")).rotate(),
  interruptions: async () => (await import("./interruptions.ts")).interruptions(),
  latency: async () => (await import("./latency.ts")).latency(),
  tail: async () => (await import("./tail.ts")).tail(),
  drains: async () => (await import("./drains.ts")).drains(),
  sweep: async () => (await import("./sweep.ts")).sweep(),
  bundle: async () => (await import("./bundle.ts")).bundleSizes(),
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !(name in CASES));
if (unknown.length > 0) {
  console.error(`no such case: ${unknown.join(", ")}; there are ${Object.keys(CASES).join(", ")}`);
  process.exit(2);
}
const names = positionals.length > 0 ? positionals : Object.keys(CASES);
for (const name of names) {
  const lines = (await CASES[name]?.()) ?? [];
  for (const line of lines) {
    console.log(JSON.stringify({ case: name, cores: availableParallelism(), ...line }));
  }
}
process.exit(0);
