// Adds up vitest's result files and the other checks: closing-line.mjs FOLDER CHECKS-PASSED STATUS
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder = "", checksPassed = "0", status = "1"] = process.argv.slice(2);
let passed = Number(checksPassed);
let failed = 0;
let skipped = 0;
for (const file of readdirSync(folder)) {
  const result = JSON.parse(readFileSync(join(folder, file), "utf8"));
  passed += result.numPassedTests;
  skipped += result.numPendingTests;
  // A file that could not be loaded has no tests, and still is a failure.
  failed += Math.max(result.numFailedTests, result.success ? 0 : 1);
}
if (failed === 0 && status !== "0") failed = 1;
const ending = skipped > 0 ? `, ${skipped} skipped` : "";
console.log(`\n${passed} passed, ${failed} failed${ending}`);
