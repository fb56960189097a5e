import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { FunctionName } from "../../lambdas/contracts/names.ts";
import { REPLAY_INPUT_PATH, replayEntry } from "../../lambdas/contracts/replay.ts";
import { TRIGGERS } from "../../lambdas/contracts/triggers.ts";
import { sampleEvent } from "../helpers/events.ts";
import { readSettings } from "./settings.ts";
import { type DeployedRule, matches, rulesOf } from "./world/rules.ts";

const TERMINATE = sampleEvent("terminate-lifecycle-action");
const ANNOUNCED = JSON.parse(
  readFileSync(new URL("../../examples/node-announced.json", import.meta.url), "utf8"),
);
/** The documented events that are AWS's, and what each starts. */
const DOCUMENTED = [
  { what: "terminate", event: TERMINATE, starts: "drain-client" },
  { what: "launch", event: sampleEvent("launch-lifecycle-action"), starts: "join-client" },
] as const;
const OTHERS: Record<string, object> = {
  "a test notification": sampleEvent("test-notification"),
  "another source": { ...TERMINATE, source: "example.autoscaling" },
  "another detail-type": { ...TERMINATE, "detail-type": "EC2 Instance Terminate Successful" },
  "another transition": {
    ...TERMINATE,
    detail: {
      ...Object(TERMINATE.detail),
      LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    },
  },
  "no detail": { ...TERMINATE, detail: {} },
};

/** On the account's default bus. */
let live: DeployedRule[];
/** On Drover's bus. */
let own: DeployedRule[];

beforeAll(async () => {
  live = await rulesOf("default");
  own = await rulesOf(readSettings().bus);
});

it("are a pair for each trigger of AWS, one for each of Drover's own, and all enabled", () => {
  const ofAws = TRIGGERS.filter(({ on }) => on !== "drover");
  expect(live).toHaveLength(ofAws.length);
  expect(own).toHaveLength(TRIGGERS.length);
  for (const rule of [...live, ...own]) {
    expect(rule.isEnabled).toBe(true);
    expect(rule.targets).toHaveLength(1);
  }
});

describe.each(DOCUMENTED)("the documented $what event", ({ event, starts }) => {
  it("leads to its function's queue from the default bus as it is", async () => {
    expect(await targets(live, event)).toEqual([{ queue: queueOf(starts), inputPath: "$" }]);
    expect(await targets(own, event)).toEqual([]);
  });

  it("leads there from Drover's bus when wrapped, and is unwrapped", async () => {
    expect(await targets(own, wrapped(event))).toEqual([
      { queue: queueOf(starts), inputPath: REPLAY_INPUT_PATH },
    ]);
    expect(await targets(live, wrapped(event))).toEqual([]);
  });
});

it("the announcement of a node leads to its function's queue from Drover's bus alone", async () => {
  const event = { ...TERMINATE, ...ANNOUNCED };
  expect(await targets(own, event)).toEqual([{ queue: queueOf("register-node"), inputPath: "$" }]);
  expect(await targets(live, event)).toEqual([]);
  expect(await targets(own, wrapped(event))).toEqual([]);
});

it.each(Object.entries(OTHERS))("%s matches nowhere", async (_what, event) => {
  expect(await targets([...live, ...own], event)).toEqual([]);
  expect(await targets([...live, ...own], wrapped(event))).toEqual([]);
});

/** Where the rules lead of which EventBridge says that they would match. */
async function targets(rules: readonly DeployedRule[], event: object) {
  const answers = await Promise.all(rules.map(({ pattern }) => matches(pattern, event)));
  return rules
    .filter((_, index) => answers[index])
    .flatMap(({ targets }) => targets)
    .map(({ arn, inputPath = "$" }) => ({ queue: arn.split(":").at(-1), inputPath }));
}

function queueOf(name: FunctionName): string | undefined {
  return new URL(readSettings().queues[name].queueUrl).pathname.split("/").at(-1);
}

/** The event as it arrives on Drover's bus. */
function wrapped(event: object): object {
  const { Source, DetailType, Detail } = replayEntry(event, readSettings().bus);
  return { ...event, source: Source, "detail-type": DetailType, detail: JSON.parse(Detail) };
}
