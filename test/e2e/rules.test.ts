import { beforeAll, describe, expect, it } from "vitest";
import { REPLAY_INPUT_PATH, replayEntry } from "../../lambdas/contracts/replay.ts";
import { TRIGGERS } from "../../lambdas/contracts/triggers.ts";
import { sampleEvent } from "../helpers/events.ts";
import { readSettings } from "./settings.ts";
import { type DeployedRule, matches, rulesOf } from "./world/rules.ts";

const TERMINATE = sampleEvent("terminate-lifecycle-action");
const OTHERS: Record<string, object> = {
  "a launch": sampleEvent("launch-lifecycle-action"),
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

let live: DeployedRule[];
let replay: DeployedRule[];

beforeAll(async () => {
  live = await rulesOf("default");
  replay = await rulesOf(readSettings().bus);
});

it("are a pair for each trigger, all enabled, all to the function's queue", () => {
  const queue = new URL(readSettings().queueUrl).pathname.split("/").at(-1);
  expect(live).toHaveLength(TRIGGERS.length);
  expect(replay).toHaveLength(TRIGGERS.length);
  for (const rule of [...live, ...replay]) {
    expect(rule.isEnabled).toBe(true);
    expect(rule.targets.map(({ arn }) => arn.split(":").at(-1))).toEqual([queue]);
  }
  expect(live.flatMap(({ targets }) => targets.map(({ inputPath }) => inputPath ?? "$"))).toEqual(
    TRIGGERS.map(() => "$"),
  );
  expect(replay.flatMap(({ targets }) => targets.map(({ inputPath }) => inputPath))).toEqual(
    TRIGGERS.map(() => REPLAY_INPUT_PATH),
  );
});

describe("the documented terminate event", () => {
  it("matches on the default bus as it is", async () => {
    expect(await matching(live, TERMINATE)).toHaveLength(1);
    expect(await matching(replay, TERMINATE)).toEqual([]);
  });

  it("matches on Drover's bus when wrapped", async () => {
    expect(await matching(replay, wrapped(TERMINATE))).toHaveLength(1);
    expect(await matching(live, wrapped(TERMINATE))).toEqual([]);
  });
});

it.each(Object.entries(OTHERS))("%s matches nowhere", async (_what, event) => {
  expect(await matching([...live, ...replay], event)).toEqual([]);
  expect(await matching([...live, ...replay], wrapped(event))).toEqual([]);
});

/** The names of the rules that EventBridge says would match. */
async function matching(rules: readonly DeployedRule[], event: object): Promise<string[]> {
  const answers = await Promise.all(rules.map(({ pattern }) => matches(pattern, event)));
  return rules.filter((_, index) => answers[index]).map(({ name }) => name);
}

/** The event as it arrives on Drover's bus. */
function wrapped(event: object): object {
  const { Source, DetailType, Detail } = replayEntry(event, readSettings().bus);
  return { ...event, source: Source, "detail-type": DetailType, detail: JSON.parse(Detail) };
}
