import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FunctionName } from "../../lambdas/contracts/names.ts";
import { sampleEvent } from "../helpers/events.ts";
import { drover } from "./world/drover-cli.ts";
import { hurry, messagesLeft, takeDeadLetters } from "./world/queues.ts";
import { startWorld, type World } from "./world/world.ts";

/** Events that no function understands, and whose dead letters tell of each. */
const CASES = [
  {
    what: "of a kind that nobody knows",
    sample: "instance-terminate-successful",
    set: [],
    field: /source, detail-type: nothing here handles/,
    tellsOf: "drain-client",
  },
  {
    what: "with a field that is wrong",
    sample: "spot-interruption-terminate",
    set: ["detail.instance-id=the-first-one"],
    field: /detail\.instance-id: must be an EC2 instance id/,
    tellsOf: "drain-client",
  },
  {
    what: "that a rule for AWS's own would keep back",
    sample: "alarm-cpu",
    set: [],
    field: /detail\.configuration\.metrics: /,
    tellsOf: "heal-node",
  },
] as const;
const FUNCTIONS = [...new Set(CASES.map(({ tellsOf }) => tellsOf))];

let world: World;
let calmDown: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await startWorld({ instances: [] });
  calmDown = await Promise.all(FUNCTIONS.map(hurry));
});

afterAll(async () => {
  for (const end of calmDown) await end();
  await world?.stop();
});

describe.each(CASES)("an event $what", ({ sample, set, field }) => {
  it("is refused by the command line, which names the field", async () => {
    const { code, stderr } = await put(sample, set);
    expect(code).toBe(1);
    expect(stderr).toMatch(field);
    expect(stderr).toContain("(--no-check puts it all the same)");
  });
});

it("each, put all the same, is one dead letter of the function that has to tell of it", async () => {
  for (const { sample, set } of CASES) {
    expect(await put(sample, [...set], "--no-check")).toMatchObject({ code: 0, stderr: "" });
  }
  for (const name of FUNCTIONS) {
    const samples = CASES.filter(({ tellsOf }) => tellsOf === name).map((each) => each.sample);
    await expect
      .poll(() => messagesLeft(name), { timeout: 90_000, interval: 500 })
      .toEqual({ queue: 0, deadLetters: samples.length });
    expect(await typesTold(name)).toEqual(samples.map(typeOf).sort());
  }
});

function put(sample: string, set: readonly string[], ...options: string[]) {
  const file = `test/fixtures/events/${sample}.json`;
  return drover(["put-event", file, ...options, ...set.flatMap((each) => ["--set", each])]);
}

async function typesTold(name: FunctionName): Promise<string[]> {
  return (await takeDeadLetters(name)).map((body) => JSON.parse(body)["detail-type"]).sort();
}

function typeOf(sample: string): unknown {
  return sampleEvent(sample)["detail-type"];
}
