import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * A fresh process that runs a function's bundle: for each `next` it handles one message, and says how long
 * that took in real time and in the processor's, and the most memory that was ever in use.
 */
const PROGRAM = `
let heap = 0;
const look = () => { heap = Math.max(heap, process.memoryUsage().heapUsed); };
setInterval(look, 5).unref();
let handler;
let number = 0;
process.on("message", async () => {
  const began = performance.now();
  const used = number === 0 ? undefined : process.cpuUsage();
  handler ??= (await import(process.argv[1])).handler;
  const time = new Date().toISOString();
  const id = String(number++);
  const event = { version: "0", id, "detail-type": "Scheduled Event", source: "aws.events",
    account: "111111111111", time, region: process.env.AWS_REGION, resources: [], detail: {} };
  const record = { messageId: id, receiptHandle: "", body: JSON.stringify(event),
    attributes: { ApproximateReceiveCount: "1" }, messageAttributes: {}, md5OfBody: "",
    eventSource: "aws:sqs", eventSourceARN: "arn:aws:sqs:eu-central-1:111111111111:sweep",
    awsRegion: "eu-central-1" };
  const { batchItemFailures } = await handler({ Records: [record] }, { awsRequestId: id });
  if (batchItemFailures.length > 0) throw new Error("the sweep failed");
  look();
  const { user, system } = process.cpuUsage(used);
  process.send({
    seconds: (performance.now() - began) / 1e3,
    cpuSeconds: (user + system) / 1e6,
    residentMegabytes: process.resourceUsage().maxRSS / 1024,
    heapMegabytes: heap / 1048576,
  });
});`;

/** What one message took. The memory is the most that any message so far has needed. */
export interface Probed {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly residentMegabytes: number;
  readonly heapMegabytes: number;
}

/** A function in a process of its own, with as much memory as Lambda would give it. */
export interface Probe {
  next(): Promise<Probed>;
  end(): void;
}

/** Starts a bundle in a process of its own. */
export function startProbe(
  bundle: string,
  environment: Readonly<Record<string, string>>,
  megabytes: number,
): Probe {
  // Lambda leaves the heap nine tenths of the function's memory.
  const limit = `--max-old-space-size=${Math.floor(megabytes * 0.9)}`;
  const child = spawn(process.execPath, [limit, "--input-type=module", "--eval", PROGRAM, bundle], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`the function's process ended with ${code}`);
  });
  return {
    async next() {
      const answer = once(child, "message");
      child.send("next");
      const [probed] = await Promise.race([answer, died]);
      return probed as Probed;
    },
    end() {
      died.catch(() => undefined);
      child.kill();
    },
  };
}
