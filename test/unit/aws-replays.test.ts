import { expect, it } from "vitest";
import { replayEntry } from "../../lambdas/contracts/replay.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { VirtualClock } from "../../local/clock.ts";
import { createFlowQueues } from "../../local/flow-queues.ts";
import { sampleEvent } from "../helpers/events.ts";

const BUS = "drover";

function start() {
  const aws = new AwsModel({ clock: new VirtualClock() });
  const queues = (["drain-client", "join-client", "heal-node"] as const).map((name) => ({
    name,
    queue: createFlowQueues(aws, name, BUS).queue,
  }));
  const replay = (event: object) => {
    const { Source, DetailType, Detail } = replayEntry(event, BUS);
    aws.eventBridge.putEvents([
      { source: Source, detailType: DetailType, detail: Detail, bus: BUS },
    ]);
    return queues.flatMap(({ name, queue }) => queue.bodies().map(() => name));
  };
  return { replay };
}

it.each([
  ["a source nobody knows", { source: "aws.s3", "detail-type": "Object Created", detail: {} }],
  ["a detail-type nobody knows", { source: "aws.ec2", "detail-type": "EC2 Dance", detail: {} }],
  ["no source at all", { detail: {} }],
])("a replayed event with %s reaches the flow that says so", (_, event) => {
  expect(start().replay(event)).toEqual(["drain-client"]);
});

it("a replayed event that a flow understands reaches that one alone, once", () => {
  expect(start().replay(sampleEvent("launch-lifecycle-action"))).toEqual(["join-client"]);
});
