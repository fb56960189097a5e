import { describe, expect, it } from "vitest";
import { createOutcomes } from "../../lambdas/clients/aws/outcomes.ts";
import { FindingEvent, OutcomeEvent } from "../../lambdas/contracts/events/outcome-event.ts";
import { GroupName, NodeId } from "../../lambdas/contracts/ids.ts";
import { modelOutcomesPort } from "../../local/aws/ports.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const NEWS = {
  nodeId: NodeId.parse("i-0123456789abcdef0"),
  group: GroupName.parse("nomad-clients"),
  flow: "join-client",
  outcome: "abandoned",
  why: "no Nomad node after 900 s",
  seen: ["kernel panic", "SSM agent: never heard"],
  at: new Date("2026-01-01T00:00:05.250Z"),
} as const;

const FINDING = {
  finding: "instance-refresh",
  group: GroupName.parse("nomad-clients"),
  why: "the refresh was rolled back",
  at: new Date("2026-01-01T00:00:05.250Z"),
} as const;

describe.each(["http", "in-process"] as const)("outcomes, %s", (way) => {
  async function start(bus = "drover") {
    const world = await startFaceWorld();
    const { model, eventBridge } = world;
    model.eventBridge.createBus("drover");
    const queue = model.sqs.createQueue({ name: "heard" });
    const pattern = { source: ["drover.outcome"], "detail-type": ["Outcome", "Finding"] };
    model.eventBridge.putRule("drover", { name: "heard", pattern, targets: [{ queue }] });
    const port = way === "http" ? createOutcomes(eventBridge, bus) : modelOutcomesPort(model, bus);
    return { ...world, port, heard: () => queue.bodies().map((body) => JSON.parse(body)) };
  }

  it("reach whoever listens on the bus", async () => {
    const { port, heard } = await start();
    await port.tell(NEWS);
    await port.tell({ ...NEWS, group: undefined, outcome: "registered", seen: [] });
    const events = heard().map((event) => OutcomeEvent.parse(event));
    expect(events).toMatchObject([
      { time: "2026-01-01T00:00:05Z", detail: NEWS },
      { detail: { outcome: "registered", seen: [] } },
    ]);
  });

  it("tell what is wrong with a group or the servers", async () => {
    const { port, heard } = await start();
    await port.report(FINDING);
    await port.report({ ...FINDING, group: undefined });
    const events = heard().map((event) => FindingEvent.parse(event));
    expect(events).toMatchObject([{ time: "2026-01-01T00:00:05Z", detail: FINDING }, {}]);
    expect(events[1]?.detail).not.toHaveProperty("group");
  });

  it("fail when the bus takes no event, although the call itself succeeds", async () => {
    const { port, heard } = await start("elsewhere");
    await expect(port.tell(NEWS)).rejects.toMatchObject({
      name: "PortError",
      system: "events",
      kind: "invalid",
      message: expect.stringMatching(/events:PutEvents.*elsewhere does not exist/),
    });
    expect(heard()).toEqual([]);
  });

  it("tell refusal from throttling", async () => {
    const { port, model } = await start();
    model.faults.deny("events:PutEvents");
    await expect(port.tell(NEWS)).rejects.toMatchObject({ kind: "denied" });
    await expect(port.report(FINDING)).rejects.toMatchObject({ kind: "denied" });
    model.faults.throttle("events:PutEvents");
    await expect(port.tell(NEWS)).rejects.toMatchObject({ kind: "throttled" });
  });
});

describe("an entry that failed on EventBridge's side", () => {
  it.each([
    ["ThrottlingException", "throttled"],
    ["InternalFailure", "unavailable"],
    ["NotAuthorizedForSourceException", "denied"],
  ])("is, with %s, %s", async (ErrorCode, kind) => {
    const { eventBridge } = await startFaceWorld();
    eventBridge.middlewareStack.add(
      (next) => async (args) => {
        const { response } = await next(args);
        const Entries = [{ ErrorCode, ErrorMessage: "no" }];
        return { response, output: { $metadata: {}, FailedEntryCount: 1, Entries } };
      },
      { step: "initialize" },
    );
    await expect(createOutcomes(eventBridge, "default").tell(NEWS)).rejects.toMatchObject({ kind });
  });
});
