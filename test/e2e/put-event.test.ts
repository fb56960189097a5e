import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleEvent } from "../helpers/events.ts";
import { ACCOUNT } from "./machinery/environment.ts";
import { readSettings } from "./settings.ts";
import { drover, wholeHistory } from "./world/drover-cli.ts";
import { startWorld, type World } from "./world/world.ts";

const STAYING = "i-00000000000e0e001";
const SAMPLE = "examples/terminate-event.json";

describe("an event with a source of AWS", () => {
  it.each(["default", "Drover's"])("is refused on the %s bus", async (bus) => {
    const { source, detail, "detail-type": type } = sampleEvent("terminate-lifecycle-action");
    const entry = {
      EventBusName: bus === "default" ? bus : readSettings().bus,
      Source: String(source),
      DetailType: String(type),
      Detail: JSON.stringify(detail),
    };
    const answer = await new EventBridgeClient({}).send(new PutEventsCommand({ Entries: [entry] }));
    expect(answer).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: "NotAuthorizedForSourceException" }],
    });
  });
});

describe("drover put-event", () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ instances: [STAYING] });
  });

  afterAll(() => world?.stop());

  it("replays a sample, which alone makes no instance leave", async () => {
    const nodeId = world.cluster.nodeId(STAYING);
    const account = `account=${ACCOUNT}`;
    const instance = `detail.EC2InstanceId=${STAYING}`;
    const set = ["--set", account, "--set", instance];
    expect(await drover(["put-event", SAMPLE, "--now", ...set])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^put EC2 Instance-terminate Lifecycle Action on drover-e2e/),
    });
    const told = await wholeHistory(STAYING);
    expect(told[0]).toMatch(/the event says the instance leaves, but its group says InService/);
    expect(told.at(-1)).toMatch(/^finished, cancelled: the instance does not leave/);
    expect(world.cluster.nomad.node(nodeId)).toMatchObject({ eligible: true, status: "ready" });
  });

  it("refuses an event with a broken field, and names it", async () => {
    const set = ["--set", "detail.EC2InstanceId=the-first-one"];
    expect(await drover(["put-event", SAMPLE, ...set])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^drover: .*detail\.EC2InstanceId: must be an EC2 instance id/),
    });
  });

  it("refuses what EventBridge would not bring: Auto Scaling sends it to queues of its own", async () => {
    const file = "test/fixtures/events/test-notification.json";
    expect(await drover(["put-event", file])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^drover: .*: it is no event of EventBridge's/),
    });
  });

  it("refuses what is not JSON", async () => {
    expect(await drover(["put-event", "-"], "{ not json")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^drover: standard input holds no event: /),
    });
  });
});
