import type { BatchResultErrorEntry, SendMessageBatchCommandInput } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { createHints } from "../../lambdas/clients/aws/hints.ts";
import type { Hint } from "../../lambdas/contracts/hint.ts";
import { GroupName, InstanceId } from "../../lambdas/contracts/ids.ts";
import { parseMessage } from "../../lambdas/contracts/message.ts";
import { modelHints } from "../../local/aws/ports.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const hint = (n: number): Hint => ({
  nodeId: InstanceId.parse(`i-0${String(n).padStart(16, "0")}`),
  hint: {
    key: `terminate-hook/${n}`,
    reason: "terminate-hook",
    group: GroupName.parse("nomad-clients"),
    occurredAt: new Date("2026-01-01T00:00:00.000Z"),
    deadlineAt: new Date("2026-01-01T00:15:00.000Z"),
    hook: { group: GroupName.parse("nomad-clients"), name: "drain" },
    why: "it waits, and no event was heard",
  },
});
const hints = (count: number) => Array.from({ length: count }, (_, n) => hint(n));

async function startWorld() {
  const world = await startFaceWorld();
  const queue = world.model.sqs.createQueue({ name: "drain-client" });
  const url = `${world.endpoint}/${world.model.account}/drain-client`;
  const overHttp = createHints(world.sqs, { "drain-client": url });
  const received = () =>
    queue.bodies().map((body) => {
      const message = parseMessage(body);
      return message.kind === "hint" ? message.hint : message;
    });
  return { ...world, overHttp, received };
}

describe.each(["http", "in-process"] as const)("hints, %s", (way) => {
  async function start() {
    const world = await startWorld();
    const port = way === "http" ? world.overHttp : modelHints(world.model, "heal-node");
    return { ...world, port };
  }

  it("arrive as they were sent, however many", async () => {
    const { port, received } = await start();
    await port.send("drain-client", hints(101));
    expect(received()).toHaveLength(101);
    expect(received()).toEqual(expect.arrayContaining(hints(101)));
    await port.send("drain-client", []);
    expect(received()).toHaveLength(101);
  });

  it("can't be sent to a flow that the function has nothing to say to", async () => {
    const { port, received } = await start();
    await expect(port.send("join-client", hints(1))).rejects.toMatchObject({
      name: "PortError",
      system: "sqs",
      message: expect.stringContaining("join-client"),
    });
    expect(received()).toEqual([]);
  });

  it("tell refusal from throttling", async () => {
    const { port, model } = await start();
    model.faults.deny("sqs:SendMessage");
    await expect(port.send("drain-client", hints(1))).rejects.toMatchObject({ kind: "denied" });
    model.faults.throttle("sqs:SendMessage");
    await expect(port.send("drain-client", hints(1))).rejects.toMatchObject({ kind: "throttled" });
  });
});

describe("hints of which SQS takes some", () => {
  /** Has SQS not take the last entry of its first calls, and say so within a 200. */
  async function start(times: number, failed: Omit<BatchResultErrorEntry, "Id">) {
    const world = await startWorld();
    let calls = 0;
    world.sqs.middlewareStack.add(
      (next) => async (args) => {
        calls += 1;
        if (calls > times) return next(args);
        const input = args.input as SendMessageBatchCommandInput;
        const Entries = input.Entries?.slice(0, -1) ?? [];
        const Failed = [{ ...failed, Id: input.Entries?.at(-1)?.Id }];
        if (Entries.length === 0) return { response: {}, output: { $metadata: {}, Failed } };
        const answer = await next({ ...args, input: { ...input, Entries } });
        return { ...answer, output: { ...answer.output, Failed } };
      },
      { step: "initialize" },
    );
    return { ...world, calls: () => calls };
  }

  it("are sent again, those it did not take alone", async () => {
    const { overHttp, received, calls } = await start(2, {
      Code: "InternalError",
      SenderFault: false,
    });
    await overHttp.send("drain-client", hints(3));
    expect(received()).toEqual(hints(3));
    expect(calls()).toBe(3);
  });

  it.each([
    [{ Code: "InternalError", SenderFault: false }, "unavailable", 5],
    [{ Code: "ThrottlingException", SenderFault: false }, "throttled", 5],
    [{ Code: "InvalidMessageContents", SenderFault: true }, "invalid", 1],
    [{ Code: "AccessDenied", SenderFault: true }, "denied", 1],
  ])("fail when it takes them never: %o", async (failed, kind, times) => {
    const { overHttp, calls } = await start(99, { ...failed, Message: "no" });
    await expect(overHttp.send("drain-client", hints(2))).rejects.toMatchObject({
      name: "PortError",
      system: "sqs",
      kind,
      message: expect.stringContaining(failed.Code),
    });
    expect(calls()).toBe(times);
  });
});
