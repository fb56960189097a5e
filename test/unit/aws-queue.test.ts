import type { SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { RealClock, VirtualClock } from "../../local/clock.ts";

function start() {
  const clock = new VirtualClock();
  const { sqs, region } = new AwsModel({ clock });
  const dlq = sqs.createQueue({ name: "drain-dlq" });
  const queue = sqs.createQueue({
    name: "drain",
    visibilityTimeoutSeconds: 90,
    deadLetter: { queue: dlq, maxReceiveCount: 3 },
  });
  const seconds = () => (clock.now().getTime() - Date.UTC(2026, 0, 1)) / 1_000;
  return { clock, queue, dlq, region, seconds };
}

const bodies = ({ Records }: SQSEvent) => Records.map(({ body }) => body);

describe("a queue", () => {
  it("hides a message in work, shows it again, and forgets it when deleted", async () => {
    const { clock, queue } = start();
    queue.send("a");
    const [first] = queue.receive();
    expect(queue.receive()).toEqual([]);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await clock.advance(90);
    const [second] = queue.receive();
    expect(second?.messageId).toBe(first?.messageId);
    expect(second?.attributes.ApproximateReceiveCount).toBe("2");
    queue.delete(first?.receiptHandle ?? "");
    expect(queue.bodies()).toEqual(["a"]);
    queue.delete(second?.receiptHandle ?? "");
    expect(queue.bodies()).toEqual([]);
  });

  it("gives a message up to its dead-letter queue after so many receives", async () => {
    const { clock, queue, dlq } = start();
    const id = queue.send("poison");
    for (let n = 0; n < 3; n++) {
      expect(queue.receive()).toHaveLength(1);
      await clock.advance(90);
    }
    expect(dlq.bodies()).toEqual([]);
    expect(queue.receive()).toEqual([]);
    const [given] = dlq.receive();
    expect(given).toMatchObject({
      messageId: id,
      body: "poison",
      attributes: { DeadLetterQueueSourceArn: queue.arn },
    });
  });

  it("shows a message at once when its visibility is set to nothing", () => {
    const { queue } = start();
    queue.send("a");
    queue.changeVisibility(queue.receive()[0]?.receiptHandle ?? "", 0);
    expect(queue.receive()).toHaveLength(1);
    expect(() => queue.changeVisibility("nonsense", 0)).toThrow(/receipt handle/);
  });

  it("delivers a message twice when told to", () => {
    const { queue } = start();
    queue.duplicateNext();
    const id = queue.send("a");
    queue.send("b");
    expect(
      queue
        .receive(10)
        .map(({ messageId }) => messageId)
        .slice(0, 2),
    ).toEqual([id, id]);
  });
});

describe("Lambda's poller", () => {
  it("calls the handler when messages become visible, ten at a time", async () => {
    const { clock, queue, region, seconds } = start();
    const calls: { at: number; count: number }[] = [];
    new QueuePoller(
      queue,
      async ({ Records }) => {
        calls.push({ at: seconds(), count: Records.length });
        return undefined;
      },
      { region },
    );
    for (let n = 0; n < 12; n++) queue.send(String(n));
    queue.send("later", 30);
    await clock.advance(29);
    expect(calls).toEqual([
      { at: 0, count: 10 },
      { at: 0, count: 2 },
    ]);
    await clock.advance(1);
    expect(calls.at(-1)).toEqual({ at: 30, count: 1 });
    expect(queue.bodies()).toEqual([]);
  });

  it("leaves what failed to the visibility timeout and the DLQ, its neighbours pass", async () => {
    const { clock, queue, dlq, region, seconds } = start();
    const seen: [number, string[]][] = [];
    new QueuePoller(
      queue,
      async (event) => {
        seen.push([seconds(), bodies(event)]);
        const poison = event.Records.filter(({ body }) => body === "poison");
        return {
          batchItemFailures: poison.map(({ messageId }) => ({ itemIdentifier: messageId })),
        };
      },
      { region },
    );
    for (const body of ["a", "poison", "b"]) queue.send(body);
    await clock.advance(600);
    expect(seen).toEqual([
      [0, ["a", "poison", "b"]],
      [90, ["poison"]],
      [180, ["poison"]],
    ]);
    expect(queue.bodies()).toEqual([]);
    expect(dlq.bodies()).toEqual(["poison"]);
  });

  it("brings a whole batch back when the handler throws", async () => {
    const { clock, queue, region } = start();
    const errors: unknown[] = [];
    const broken = new Error("out of memory");
    let calls = 0;
    new QueuePoller(
      queue,
      async () => {
        calls += 1;
        if (calls === 1) throw broken;
        return undefined;
      },
      { region, onError: (error) => errors.push(error) },
    );
    queue.send("a");
    queue.send("b");
    await clock.advance(0);
    expect(errors).toEqual([broken]);
    expect(queue.bodies()).toEqual(["a", "b"]);
    await clock.advance(90);
    expect(queue.bodies()).toEqual([]);
  });

  it("hands over what Lambda hands over", async () => {
    const { clock, queue, region } = start();
    let event: SQSEvent | undefined;
    new QueuePoller(
      queue,
      async (given) => {
        event = given;
        return undefined;
      },
      { region },
    );
    queue.send("hello", 2);
    await clock.advance(2);
    expect(event?.Records).toMatchObject([
      {
        body: "hello",
        md5OfBody: "5d41402abc4b2a76b9719d911017c592",
        eventSource: "aws:sqs",
        eventSourceARN: "arn:aws:sqs:eu-central-1:111111111111:drain",
        awsRegion: "eu-central-1",
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: String(Date.UTC(2026, 0, 1)),
          ApproximateFirstReceiveTimestamp: String(Date.UTC(2026, 0, 1, 0, 0, 2)),
        },
      },
    ]);
  });

  it("works on no more batches at once than it may", async () => {
    const { clock, queue, region } = start();
    let now = 0;
    let most = 0;
    const handler = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return undefined;
    };
    new QueuePoller(queue, handler, { region, batchSize: 1, maxConcurrency: 3 });
    for (let n = 0; n < 10; n++) queue.send(String(n));
    await clock.advance(0);
    expect(most).toBe(3);
    expect(queue.bodies()).toEqual([]);
  });

  it("works in real time too, and stops when told to", async () => {
    const { sqs, region } = new AwsModel({ clock: new RealClock() });
    const queue = sqs.createQueue({ name: "drain" });
    const seen: string[] = [];
    const poller = new QueuePoller(
      queue,
      async (event) => {
        seen.push(...bodies(event));
        return undefined;
      },
      { region },
    );
    queue.send("a");
    queue.send("b", 0.05);
    await expect.poll(() => seen).toEqual(["a", "b"]);
    await poller.stop();
    expect(queue.bodies()).toEqual([]);
  });
});
