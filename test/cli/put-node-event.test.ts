import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseMessage } from "../../lambdas/contracts/message.ts";
import type { BusEvent } from "../../local/aws/event-bridge/event.ts";
import { type CliWorld, startCliWorld } from "../helpers/cli-world.ts";
import { runCli } from "../helpers/run-cli.ts";

const BUS = "drover-test";
const SAMPLE = "examples/node-announced.json";
const WITHDRAWN = {
  source: "drover.node",
  "detail-type": "Node Withdrawn",
  detail: { nodeId: "frankfurt-7" },
};

let world: CliWorld;
let onBus: BusEvent[];

beforeAll(async () => {
  world = await startCliWorld();
  world.cluster.aws.eventBridge.createBus(BUS);
  world.cluster.aws.eventBridge.onEvent((event, bus) => {
    if (bus === BUS) onBus.push(event);
  });
});
beforeEach(() => {
  onBus = [];
});
afterAll(() => world.stop());

const putEvent = (args: readonly string[], event?: object) =>
  runCli(
    ["put-event", ...args],
    { ...world.environment, DROVER_BUS: BUS },
    event && JSON.stringify(event),
  );

describe("an event about a node outside Auto Scaling", () => {
  it("is put as it is, and means to a function what it says", async () => {
    const { code, stdout } = await putEvent([SAMPLE, "--set", "detail.nodeId=frankfurt-8"]);
    expect(stdout).toMatch(/^put Node Announced on drover-test \(event /);
    expect(code).toBe(0);
    expect(onBus).toHaveLength(1);
    expect(parseMessage(JSON.stringify(onBus[0]))).toMatchObject({
      kind: "node-announced",
      event: { source: "drover.node", detail: { nodeId: "frankfurt-8", lifeCycle: "hybrid" } },
    });
  });

  it("keeps its time, unless that is too long ago", async () => {
    const time = `${new Date(Date.now() - 60_000).toISOString().slice(0, 19)}Z`;
    expect((await putEvent(["-"], { ...WITHDRAWN, time })).code).toBe(0);
    expect(onBus).toMatchObject([{ "detail-type": "Node Withdrawn", time }]);

    const old = { ...WITHDRAWN, time: "2026-01-01T00:00:00Z" };
    const { code, stderr } = await putEvent(["-"], old);
    expect(stderr).toContain("its deadline would have passed: add --now");
    expect(code).toBe(1);
    expect((await putEvent(["-", "--now"], old)).code).toBe(0);
    expect(onBus).toHaveLength(2);
  });

  it.each([
    ["no address", [SAMPLE, "--set", "detail.address="], "detail.address: "],
    ["a node id that is none", [SAMPLE, "--set", "detail.nodeId=a/b"], "detail.nodeId: must be an"],
    [
      "a check of neither kind",
      [SAMPLE, "--set", "detail.check.tcp=nowhere"],
      "detail.check: must be {",
    ],
    ["a field nobody reads", [SAMPLE, "--set", "detail.zoen=a"], "detail: "],
    ["a time that is none", [SAMPLE, "--set", "time=yesterday"], "time: "],
    ["another detail-type", [SAMPLE, "--set", "detail-type=Node Announcd"], "nothing here handles"],
  ])("is refused with %s, before it is sent", async (_, args, field) => {
    const { code, stderr } = await putEvent(args);
    expect(stderr).toContain(`drover: ${SAMPLE}: `);
    expect(stderr).toContain(field);
    expect(stderr).toContain("(--no-check puts it all the same)");
    expect(code).toBe(1);
    expect(onBus).toEqual([]);
  });

  it("goes out unchecked when told to, and plain", async () => {
    const args = [SAMPLE, "--no-check", "--set", "detail.address="];
    expect((await putEvent(args)).code).toBe(0);
    expect(onBus).toMatchObject([{ source: "drover.node", detail: { address: "" } }]);
  });
});
