import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { LocalConfig } from "../../local/local-config.ts";
import { tokenSecret } from "../../local/real-servers/server-config.ts";
import { type LocalStack, startLocalStack } from "../../local/stack.ts";
import { runCli } from "../helpers/run-cli.ts";

const INSTANCE = "i-00000000000abc000";
const PLANTED = "7b0d1f5e-planted-token-that-nomad-refuses";

let stack: LocalStack;
const written: string[] = [];

beforeAll(async () => {
  // The logger then writes by the console that is watched here.
  Object.assign(process.env, { POWERTOOLS_DEV: "true", POWERTOOLS_LOG_LEVEL: "DEBUG" });
  const config = LocalConfig.parse({ groups: [{ name: "nomad-clients", instances: [INSTANCE] }] });
  stack = await startLocalStack({ config });
  stack.cluster.aws.secrets.put(tokenSecret("nomad"), PLANTED);
});
beforeEach(() => {
  for (const method of ["debug", "info", "warn", "error", "log"] as const) {
    vi.spyOn(console, method).mockImplementation((...texts) => void written.push(texts.join(" ")));
  }
});
afterAll(() => stack.stop());

it("logs why a message fails", async () => {
  stack.queues["drain-client"].queue.send("{");
  await expect.poll(() => written.join("\n")).toContain("message can't be parsed");
});

it("a token that Nomad refuses is said to be refused, and its value is written nowhere", async () => {
  stack.cluster.aws.autoScaling.terminateInstance(INSTANCE, true);
  const history = async () => (await runCli(["history", INSTANCE], stack.environment)).stdout;
  await expect.poll(history, { timeout: 15_000 }).toContain("403");
  const everything = [await history(), ...written].join("\n");
  expect(everything).toContain('it needs node { policy = "write" }');
  expect(everything).not.toContain(PLANTED);
  expect(stack.cluster.aws.autoScaling.findMember(INSTANCE)?.lifecycleState).toBe(
    "Terminating:Wait",
  );
});
