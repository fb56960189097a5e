import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readEnvironment } from "../../lambdas/runtime/environment.ts";
import { testConfig } from "../helpers/config.ts";

const folder = mkdtempSync(join(tmpdir(), "drover-test-"));
const variables = {
  DROVER_CONFIG_FILE: "drover.json",
  DROVER_TABLE: "drover-nodes",
  DROVER_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/111111111111/drover",
  DROVER_BUS: "drover",
  LAMBDA_TASK_ROOT: folder,
};
const withFile = (text: string) => writeFileSync(join(folder, "drover.json"), text);

describe("a function's environment", () => {
  it("is read with the configuration beside the code", () => {
    withFile(JSON.stringify(testConfig()));
    expect(readEnvironment(variables)).toMatchObject({
      table: "drover-nodes",
      bus: "drover",
      config: { name: "test", groups: [{ name: "nomad-clients", drain: { pollSeconds: 2 } }] },
    });
  });

  it.each(["DROVER_CONFIG_FILE", "DROVER_TABLE", "DROVER_QUEUE_URL", "DROVER_BUS"])(
    "names %s when it is missing",
    (name) => {
      expect(() => readEnvironment({ ...variables, [name]: undefined })).toThrow(
        `environment: ${name}: `,
      );
    },
  );

  it("knows the queues for hints, and none unless it is told", () => {
    withFile(JSON.stringify(testConfig()));
    expect(readEnvironment(variables).hintQueues).toEqual({});
    const queues = { "join-client": "https://sqs.eu-central-1.amazonaws.com/111111111111/join" };
    const told = { ...variables, DROVER_HINT_QUEUES: JSON.stringify(queues) };
    expect(readEnvironment(told).hintQueues).toEqual(queues);
  });

  it.each([
    ["{", /^environment: DROVER_HINT_QUEUES: must be a JSON object of URLs \(/],
    ['{"join-client":"join"}', /^environment: DROVER_HINT_QUEUES\.join-client: /],
    ['{"nobody":"https://sqs.example/nobody"}', /^environment: DROVER_HINT_QUEUES\.?.*nobody/],
    ["[]", /^environment: DROVER_HINT_QUEUES: /],
  ])("says what is wrong with the queues for hints in %s", (text, message) => {
    const wrong = { ...variables, DROVER_HINT_QUEUES: text };
    expect(() => readEnvironment(wrong)).toThrow(message);
  });

  it("names the field of the configuration that is wrong", () => {
    withFile(JSON.stringify({ ...testConfig(), region: "Frankfurt" }));
    expect(() => readEnvironment(variables)).toThrow(
      "drover.json can't be used:\n  region: must be an AWS region such as eu-central-1",
    );
  });
});
