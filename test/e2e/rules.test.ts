import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { FunctionName } from "../../lambdas/contracts/names.ts";
import {
  REPLAY_INPUT_PATH,
  replayEntry,
  UNKNOWN_REPLAYS_GO_TO,
} from "../../lambdas/contracts/replay.ts";
import { TRIGGERS } from "../../lambdas/contracts/triggers.ts";
import { sampleEvent } from "../helpers/events.ts";
import { FIXTURE_EVENTS } from "../helpers/fixture-events.ts";
import { readSettings } from "./settings.ts";
import { type DeployedRule, matches, rulesOf } from "./world/rules.ts";

const TERMINATE = sampleEvent("terminate-lifecycle-action");
const ANNOUNCED = JSON.parse(
  readFileSync(new URL("../../examples/node-announced.json", import.meta.url), "utf8"),
);
const REQUESTED = JSON.parse(
  readFileSync(new URL("../../examples/rotation-requested.json", import.meta.url), "utf8"),
);
const OTHERS: Record<string, object> = {
  "another source": { ...TERMINATE, source: "example.autoscaling" },
  "another detail-type": { ...TERMINATE, "detail-type": "EC2 Instance Terminate Lifecycle" },
  "a type of another source": { ...TERMINATE, source: "aws.ec2" },
};

/** On the account's default bus. */
let live: DeployedRule[];
/** What a schedule starts, there. */
let scheduled: DeployedRule[];
/** On Drover's bus. */
let own: DeployedRule[];

beforeAll(async () => {
  const all = await rulesOf("default");
  live = all.filter(({ schedule }) => !schedule);
  scheduled = all.filter(({ schedule }) => schedule);
  own = await rulesOf(readSettings().bus);
});

it("are a pair for each trigger of AWS, one for each of Drover's own, one for the rest of replays", () => {
  const ofAws = TRIGGERS.filter(({ on }) => on !== "drover");
  expect(live).toHaveLength(ofAws.length);
  expect(own).toHaveLength(TRIGGERS.length + 1);
  for (const rule of [...live, ...own]) {
    expect(rule.isEnabled).toBe(true);
    expect(rule.targets).toHaveLength(1);
  }
});

it("are one for the sweep's minute, and one for the look at what is rotated", () => {
  const byRate = Object.fromEntries(scheduled.map((rule) => [rule.schedule, rule]));
  expect(Object.keys(byRate).sort()).toEqual(["rate(1 minute)", "rate(5 minutes)"]);
  for (const [rate, name] of [
    ["rate(1 minute)", "sweep"],
    ["rate(5 minutes)", "rotate-tokens"],
  ] as const) {
    const rule = byRate[rate];
    expect(rule?.isEnabled).toBe(true);
    expect(rule && leadsTo(rule)).toEqual([{ queue: queueOf(name), inputPath: "$" }]);
  }
});

describe.each(FIXTURE_EVENTS)("the documented event $name", ({ name, trigger, resembles }) => {
  const event = sampleEvent(name);

  it("leads from the default bus, as it is, to what it starts", async () => {
    const queue = queueOf(startedBy(trigger) ?? "sweep");
    expect(await targets(live, event)).toEqual(trigger ? [{ queue, inputPath: "$" }] : []);
    expect(await targets(own, event)).toEqual([]);
  });

  it("leads from Drover's bus, when wrapped, to who has to say what it is, and is unwrapped", async () => {
    const queue = queueOf(startedBy(trigger ?? resembles) ?? UNKNOWN_REPLAYS_GO_TO);
    const inputPath = REPLAY_INPUT_PATH;
    expect(await targets(own, wrapped(event))).toEqual([{ queue, inputPath }]);
    expect(await targets(live, wrapped(event))).toEqual([]);
  });
});

it("the announcement of a node leads to its function's queue from Drover's bus alone", async () => {
  const event = { ...TERMINATE, ...ANNOUNCED };
  expect(await targets(own, event)).toEqual([{ queue: queueOf("register-node"), inputPath: "$" }]);
  expect(await targets(live, event)).toEqual([]);
});

it("a request to rotate leads to its function's queue from Drover's bus alone", async () => {
  const event = { ...TERMINATE, ...REQUESTED };
  expect(await targets(own, event)).toEqual([{ queue: queueOf("rotate-tokens"), inputPath: "$" }]);
  expect(await targets(live, event)).toEqual([]);
});

it.each(Object.entries(OTHERS))(
  "%s matches nowhere, and is told when replayed",
  async (_, event) => {
    expect(await targets([...live, ...own], event)).toEqual([]);
    expect(await targets(live, wrapped(event))).toEqual([]);
    expect(await targets(own, wrapped(event))).toEqual([
      { queue: queueOf(UNKNOWN_REPLAYS_GO_TO), inputPath: REPLAY_INPUT_PATH },
    ]);
  },
);

/** Where the rules lead of which EventBridge says that they would match. */
async function targets(rules: readonly DeployedRule[], event: object) {
  const answers = await Promise.all(rules.map(({ pattern }) => matches(pattern, event)));
  return rules.filter((_, index) => answers[index]).flatMap(leadsTo);
}

function leadsTo({ targets }: DeployedRule) {
  return targets.map(({ arn, inputPath = "$" }) => ({ queue: arn.split(":").at(-1), inputPath }));
}

function startedBy(trigger: string | undefined): FunctionName | undefined {
  return TRIGGERS.find(({ id }) => id === trigger)?.starts;
}

function queueOf(name: FunctionName): string | undefined {
  return new URL(readSettings().queues[name].queueUrl).pathname.split("/").at(-1);
}

/** The event as it arrives on Drover's bus. */
function wrapped(event: object): object {
  const { Source, DetailType, Detail } = replayEntry(event, readSettings().bus);
  return { ...TERMINATE, source: Source, "detail-type": DetailType, detail: JSON.parse(Detail) };
}
