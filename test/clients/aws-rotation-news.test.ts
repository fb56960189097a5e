import { describe, expect, it } from "vitest";
import { createRotationNews } from "../../lambdas/clients/aws/rotation-news.ts";
import { createRotationQueue } from "../../lambdas/clients/aws/rotation-queue.ts";
import { RotationName } from "../../lambdas/contracts/config/rotate.ts";
import { RotationEvent } from "../../lambdas/contracts/events/outcome-event.ts";
import { TickId } from "../../lambdas/contracts/ids.ts";
import { parseMessage } from "../../lambdas/contracts/message.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const NAME = RotationName.parse("vault-token");

describe("news of a rotation", () => {
  const NEWS = {
    name: NAME,
    outcome: "taken-back",
    why: "i-0123456789abcdef0 can't read it",
    at: new Date("2026-01-01T00:00:05.250Z"),
  } as const;

  async function start(bus = "drover") {
    const world = await startFaceWorld();
    const { model, eventBridge } = world;
    model.eventBridge.createBus("drover");
    const queue = model.sqs.createQueue({ name: "heard" });
    const pattern = { source: ["drover.outcome"], "detail-type": ["Rotation"] };
    model.eventBridge.putRule("drover", { name: "heard", pattern, targets: [{ queue }] });
    const heard = () => queue.bodies().map((body) => RotationEvent.parse(JSON.parse(body)));
    return { ...world, port: createRotationNews(eventBridge, bus), heard };
  }

  it("reach whoever listens on the bus", async () => {
    const { port, heard } = await start();
    await port.tell(NEWS);
    for (const outcome of ["rotated", "expiring", "still-used"] as const) {
      await port.tell({ ...NEWS, outcome });
    }
    expect(heard()).toMatchObject([
      { time: "2026-01-01T00:00:05Z", detail: NEWS },
      { detail: { outcome: "rotated" } },
      { detail: { outcome: "expiring" } },
      { detail: { outcome: "still-used" } },
    ]);
  });

  it("are cut to what an event can bear", async () => {
    const { port, heard } = await start();
    await port.tell({ ...NEWS, why: "ü".repeat(400_000) });
    expect(heard()[0]?.detail.why).toMatch(/^ü{10000}$/);
  });

  it("fail when the bus takes no event", async () => {
    const { port } = await start("elsewhere");
    await expect(port.tell(NEWS)).rejects.toMatchObject({ system: "events", kind: "invalid" });
  });
});

describe("the queue of rotations", () => {
  it("brings a message when its time has come, and not before", async () => {
    const { sqs, model, clock } = await startFaceWorld();
    const queue = model.sqs.createQueue({ name: "rotate-tokens" });
    const port = createRotationQueue(sqs, "http://sqs/111111111111/rotate-tokens");
    const soon = { rotation: NAME, ask: { kind: "start", by: "operator" } } as const;
    const tickId = TickId.parse("tick-1");
    const late = { rotation: NAME, ask: { kind: "tick", tickId } } as const;
    await port.send(late, 3_600);
    await port.send(soon, 0.2);
    await clock.advance(0.5);
    expect(queue.receive(10)).toEqual([]);
    await clock.advance(0.5);
    const arrived = () => queue.receive(10).map(({ body }) => parseMessage(body));
    expect(arrived()).toEqual([{ kind: "rotation", message: soon }]);
    await clock.advance(898);
    expect(queue.counts().delayed).toBe(1);
    // No message of SQS can wait for longer than 900 s.
    await clock.advance(1);
    expect(queue.counts().delayed).toBe(0);
  });
});
