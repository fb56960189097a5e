import { defineConfig } from "vitest/config";

/** They change how their process logs, and watch that. */
const BY_THEMSELVES = [
  "test/clients/secrets-stay-secret.test.ts",
  "test/clients/rotation-stays-secret.test.ts",
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    // Those of the CLI wait most of the time: on two cores two of them must not hold up the rest.
    maxWorkers: 4,
    restoreMocks: true,
    unstubEnvs: true,
    env: {
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
    },
    projects: [
      {
        extends: true,
        test: {
          name: "process",
          include: ["test/{cli,infra}/**/*.test.ts", ...BY_THEMSELVES],
        },
      },
      {
        extends: true,
        test: {
          name: "memory",
          include: ["test/{unit,scenarios,clients}/**/*.test.ts"],
          exclude: BY_THEMSELVES,
          // They keep nothing in modules: loading those anew for each file would take a third of the time.
          isolate: false,
        },
      },
    ],
  },
});
