import { defineConfig } from "vitest/config";
import { SameOrder } from "./machinery/same-order.ts";

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    // The files share the deployed stack and the ports of the model behind it.
    fileParallelism: false,
    sequence: { sequencer: SameOrder },
    testTimeout: 120_000,
    hookTimeout: 90_000,
  },
});
