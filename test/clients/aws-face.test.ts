import {
  CompleteLifecycleActionCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeLifecycleHooksCommand,
  DescribePoliciesCommand,
  PutLifecycleHookCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { PutEventsCommand, TestEventPatternCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { startFaceWorld } from "./aws-face-world.ts";

const GROUP = "nomad-clients";
const NODE = "i-0aaaaaaaaaaaaaaaa";

async function worldWithGroup() {
  const world = await startFaceWorld();
  world.model.autoScaling.createGroup({
    name: GROUP,
    instances: [{ id: NODE, privateDnsName: "ip-10-0-0-12.eu-central-1.compute.internal" }],
  });
  return world;
}

describe("Auto Scaling over HTTP", () => {
  it("takes an instance through its terminate hook and lets it go", async () => {
    const { autoScaling, clock, model } = await worldWithGroup();
    await autoScaling.send(
      new PutLifecycleHookCommand({
        AutoScalingGroupName: GROUP,
        LifecycleHookName: "drain",
        LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        HeartbeatTimeout: 300,
        DefaultResult: "CONTINUE",
      }),
    );
    const hooks = await autoScaling.send(
      new DescribeLifecycleHooksCommand({ AutoScalingGroupName: GROUP }),
    );
    expect(hooks.LifecycleHooks).toMatchObject([
      {
        LifecycleHookName: "drain",
        HeartbeatTimeout: 300,
        GlobalTimeout: 30_000,
        DefaultResult: "CONTINUE",
      },
    ]);
    const { Activity } = await autoScaling.send(
      new TerminateInstanceInAutoScalingGroupCommand({
        InstanceId: NODE,
        ShouldDecrementDesiredCapacity: true,
      }),
    );
    expect(Activity?.StatusCode).toBe("InProgress");
    await clock.advance(2);
    const waiting = await autoScaling.send(
      new DescribeAutoScalingInstancesCommand({ InstanceIds: [NODE, "i-0bbbbbbbbbbbbbbbb"] }),
    );
    expect(waiting.AutoScalingInstances).toMatchObject([
      { InstanceId: NODE, AutoScalingGroupName: GROUP, LifecycleState: "Terminating:Wait" },
    ]);
    const action = {
      AutoScalingGroupName: GROUP,
      LifecycleHookName: "drain",
      LifecycleActionToken: model.autoScaling.waitings(NODE)[0]?.token,
    };
    await autoScaling.send(new RecordLifecycleActionHeartbeatCommand(action));
    const complete = new CompleteLifecycleActionCommand({
      ...action,
      LifecycleActionResult: "CONTINUE",
    });
    await autoScaling.send(complete);
    await expect(autoScaling.send(complete)).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringContaining("No active Lifecycle Action found"),
    });
    await clock.advance(60);
    expect(model.autoScaling.findMember(NODE)).toBeUndefined();
    expect(model.ec2.get(NODE).state).toBe("terminated");
  });

  it("tells of groups, sizes and what it refuses", async () => {
    const { autoScaling } = await worldWithGroup();
    const { AutoScalingGroups } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    expect(AutoScalingGroups).toMatchObject([
      {
        AutoScalingGroupName: GROUP,
        DesiredCapacity: 1,
        Instances: [{ InstanceId: NODE, LifecycleState: "InService" }],
      },
    ]);
    const tooMuch = new SetDesiredCapacityCommand({
      AutoScalingGroupName: GROUP,
      DesiredCapacity: 5_000,
    });
    await expect(autoScaling.send(tooMuch)).rejects.toMatchObject({ name: "ValidationError" });
    const tooMany = Array.from({ length: 51 }, (_, n) => `i-${String(n).padStart(17, "0")}`);
    await expect(
      autoScaling.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: tooMany })),
    ).rejects.toMatchObject({ name: "ValidationError" });
  });

  it("names an action it does not have", async () => {
    const { autoScaling } = await startFaceWorld();
    await expect(autoScaling.send(new DescribePoliciesCommand({}))).rejects.toMatchObject({
      name: "InvalidAction",
      message: expect.stringContaining("autoscaling:DescribePolicies"),
    });
  });

  it("answers throttling so that the SDK tries again", async () => {
    const { autoScaling, model } = await worldWithGroup();
    model.faults.throttle("autoscaling:DescribeAutoScalingGroups", 2);
    const answer = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    expect(answer.AutoScalingGroups).toHaveLength(1);
    expect(answer.$metadata.attempts).toBe(3);
  });
});

describe("EC2 over HTTP", () => {
  it("describes and terminates, and knows no id it never gave", async () => {
    const { ec2, clock } = await worldWithGroup();
    const describeNode = new DescribeInstancesCommand({ InstanceIds: [NODE] });
    const before = await ec2.send(describeNode);
    expect(before.Reservations?.[0]?.Instances).toMatchObject([
      {
        InstanceId: NODE,
        State: { Name: "running", Code: 16 },
        PrivateDnsName: "ip-10-0-0-12.eu-central-1.compute.internal",
      },
    ]);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [NODE] }));
    await clock.advance(60);
    const after = await ec2.send(describeNode);
    expect(after.Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe("terminated");
    await clock.advance(3_600);
    await expect(ec2.send(describeNode)).rejects.toMatchObject({
      name: "InvalidInstanceID.NotFound",
    });
    const byFilter = await ec2.send(
      new DescribeInstancesCommand({ Filters: [{ Name: "instance-id", Values: [NODE] }] }),
    );
    expect(byFilter.Reservations ?? []).toEqual([]);
  });
});

describe("SQS over HTTP", () => {
  it("sends, receives with attributes, and deletes", async () => {
    const { sqs } = await startFaceWorld();
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: "drain", Attributes: { VisibilityTimeout: "90" } }),
    );
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: "drain" }))).QueueUrl).toBe(
      QueueUrl,
    );
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "übermorgen" }));
    const sent = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", MessageBody: "later", DelaySeconds: 60 },
          { Id: "b", MessageBody: "never", DelaySeconds: 901 },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(["a"]);
    expect(sent.Failed?.map(({ Code }) => Code)).toEqual(["InvalidParameterValue"]);
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
      }),
    );
    expect(Messages).toMatchObject([
      { Body: "übermorgen", Attributes: { ApproximateReceiveCount: "1" } },
    ]);
    const counts = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    expect(counts.Attributes).toMatchObject({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "1",
      ApproximateNumberOfMessagesDelayed: "1",
      VisibilityTimeout: "90",
    });
    const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    const left = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    expect(left.Attributes?.ApproximateNumberOfMessagesNotVisible).toBe("0");
  });

  it("waits for a message as long as it is told to", async () => {
    const { sqs, model, clock } = await startFaceWorld();
    const queue = model.sqs.createQueue({ name: "drain" });
    const arrives = sqs.send(new ReceiveMessageCommand({ QueueUrl: "drain", WaitTimeSeconds: 20 }));
    queue.send("hello", 5);
    const received = async () => {
      await clock.advance(1);
      return (await Promise.race([arrives, new Promise((r) => setImmediate(r))])) !== undefined;
    };
    await expect.poll(received).toBe(true);
    expect((await arrives).Messages?.map(({ Body }) => Body)).toEqual(["hello"]);
  });

  it("says that a queue is not there", async () => {
    const { sqs } = await startFaceWorld();
    await expect(
      sqs.send(new SendMessageCommand({ QueueUrl: "nobody", MessageBody: "x" })),
    ).rejects.toMatchObject({ name: expect.stringMatching(/QueueDoesNotExist|NonExistentQueue/) });
  });
});

describe("EventBridge over HTTP", () => {
  const replay = { DetailType: "Replay", Detail: JSON.stringify({ event: { source: "aws.x" } }) };

  it("hands a wrapped event on as if it were the original", async () => {
    const { eventBridge, model } = await startFaceWorld();
    const queue = model.sqs.createQueue({ name: "drain" });
    model.eventBridge.createBus("drover");
    model.eventBridge.putRule("drover", {
      name: "replay",
      pattern: { source: ["drover.replay"], detail: { event: { source: ["aws.x"] } } },
      targets: [{ queue, inputPath: "$.detail.event" }],
    });
    const answer = await eventBridge.send(
      new PutEventsCommand({
        Entries: [{ ...replay, Source: "drover.replay", EventBusName: "drover" }],
      }),
    );
    expect(answer.FailedEntryCount).toBe(0);
    expect(queue.bodies().map((body) => JSON.parse(body))).toEqual([{ source: "aws.x" }]);
  });

  it("refuses a source that begins with aws.", async () => {
    const { eventBridge } = await startFaceWorld();
    const answer = await eventBridge.send(
      new PutEventsCommand({ Entries: [{ ...replay, Source: "aws.autoscaling" }] }),
    );
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries?.[0]?.ErrorCode).toBe("NotAuthorizedForSourceException");
  });

  it("tests patterns", async () => {
    const { eventBridge } = await startFaceWorld();
    const test = async (EventPattern: string) => {
      const Event = JSON.stringify({ source: "aws.ec2" });
      return (await eventBridge.send(new TestEventPatternCommand({ EventPattern, Event }))).Result;
    };
    expect(await test('{"source":["aws.ec2"]}')).toBe(true);
    expect(await test('{"source":["aws.s3"]}')).toBe(false);
    await expect(test('{"source":"aws.s3"}')).rejects.toMatchObject({
      name: "InvalidEventPatternException",
    });
  });
});

describe("Secrets Manager over HTTP", () => {
  it("keeps versions and stages", async () => {
    const { secrets } = await startFaceWorld();
    await secrets.send(new CreateSecretCommand({ Name: "token", SecretString: "one" }));
    await secrets.send(new PutSecretValueCommand({ SecretId: "token", SecretString: "two" }));
    const current = await secrets.send(new GetSecretValueCommand({ SecretId: "token" }));
    expect(current.SecretString).toBe("two");
    const previous = await secrets.send(
      new GetSecretValueCommand({ SecretId: "token", VersionStage: "AWSPREVIOUS" }),
    );
    expect(previous.SecretString).toBe("one");
    const { VersionIdsToStages = {} } = await secrets.send(
      new DescribeSecretCommand({ SecretId: current.ARN }),
    );
    expect(Object.values(VersionIdsToStages).flat().sort()).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
    await expect(
      secrets.send(new GetSecretValueCommand({ SecretId: "nobody" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
