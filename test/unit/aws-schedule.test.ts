import { expect, it } from "vitest";
import { parseMessage } from "../../lambdas/contracts/message.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { VirtualClock } from "../../local/clock.ts";

it("a rule with a rate hands its target an event each time, until it is ended", async () => {
  const clock = new VirtualClock();
  const { sqs, eventBridge } = new AwsModel({ clock });
  const queue = sqs.createQueue({ name: "sweep" });
  const end = eventBridge.schedule("drover-sweep", 60, queue);
  await clock.advance(59);
  expect(queue.bodies()).toEqual([]);
  await clock.advance(61);
  const times = queue.bodies().map((body) => {
    const message = parseMessage(body);
    return message.kind === "scheduled" ? message.event.time : message;
  });
  expect(times).toEqual(["2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z"]);
  end();
  await clock.advance(600);
  expect(queue.bodies()).toHaveLength(2);
});

it("the first event can come at once", async () => {
  const clock = new VirtualClock();
  const { sqs, eventBridge } = new AwsModel({ clock });
  const queue = sqs.createQueue({ name: "rotations" });
  eventBridge.schedule("rotations", 300, queue, 0);
  await clock.advance(0);
  expect(queue.bodies()).toHaveLength(1);
  await clock.advance(300);
  expect(queue.bodies()).toHaveLength(2);
});
