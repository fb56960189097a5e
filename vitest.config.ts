import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/{unit,scenarios,clients,cli,infra}/**/*.test.ts"],
    testTimeout: 60_000,
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
