import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/{unit,scenarios,clients,cli,infra}/**/*.test.ts"],
    testTimeout: 60_000,
    // Those of the CLI wait most of the time: on two cores two of them must not hold up the rest.
    maxWorkers: 4,
    restoreMocks: true,
    env: {
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
    },
  },
});
