import { setTimeout as sleep } from "node:timers/promises";
import Table from "cli-table3";
import { Command } from "commander";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import { type Demo, type Moments, startDemo } from "../../local/demo/story.ts";
import { connectTable } from "./connection.ts";
import { UserError } from "./failure.ts";
import { type Bookmark, readHistory } from "./history-reader.ts";
import { type TimelineLine, timelineLine } from "./timeline.ts";

const LIMIT_SECONDS = 58;
const LOOK_MILLISECONDS = 250;

interface Options {
  readonly json?: boolean;
}

/** `drover demo`: a scale-in from its event to the end, in a cluster in this process. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("watch a terminate hook become a safely emptied Nomad client, in under a minute")
    .option("--json", "print the measured times as JSON instead of the timeline")
    .action(demo);
}

async function demo({ json }: Options): Promise<void> {
  const beganAt = new Date();
  const show = (line: TimelineLine) => {
    if (!json) console.log(timelineLine(line, beganAt));
  };
  const running = await startDemo(({ at, who, text }) => show({ at, who, kind: "saw", text }));
  try {
    running.scaleIn();
    await follow(running, beganAt, show);
  } finally {
    await running.stack.stop();
  }
  report(running.moments, json);
}

/** Shows the journal as it grows, until the work is finished. */
async function follow(
  { instanceId, moments }: Demo,
  beganAt: Date,
  show: (line: TimelineLine) => void,
): Promise<void> {
  const connection = connectTable(undefined);
  const nodeId = NodeId.parse(instanceId);
  let bookmark: Bookmark | undefined;
  let isFinished = false;
  while (!isFinished) {
    if (Date.now() - beganAt.getTime() > LIMIT_SECONDS * 1_000) {
      throw new UserError(`the demo was not over after ${LIMIT_SECONDS} s: ${describe(moments)}`);
    }
    await sleep(LOOK_MILLISECONDS);
    const page = await readHistory(connection, nodeId, bookmark);
    bookmark = page.bookmark;
    for (const { at, kind, text } of page.lines) show({ at, who: "Drover", kind, text });
    isFinished = page.lines.some(({ text }) => text.startsWith("finished"));
  }
}

function report(moments: Moments, json: boolean | undefined): void {
  if (moments.killed.length > 0) {
    throw new UserError(`the hook was completed while these ran: ${moments.killed.join(", ")}`);
  }
  const { event, ineligible, empty, hookCompleted, terminated } = moments;
  const missing = Object.entries({ event, ineligible, empty, hookCompleted, terminated })
    .filter(([, at]) => at === undefined)
    .map(([name]) => name);
  if (missing.length > 0) throw new UserError(`this never happened: ${missing.join(", ")}`);
  const times = {
    "event to ineligible": seconds(event, ineligible),
    "event to empty": seconds(event, empty),
    "last task stopped to hook completed": seconds(empty, hookCompleted),
  };
  if (json) console.log(JSON.stringify({ seconds: times }));
  else printTimes(times);
}

function printTimes(times: Record<string, number>): void {
  const table = new Table({ style: { head: [], border: [] }, colAligns: ["left", "right"] });
  for (const [name, value] of Object.entries(times)) table.push([name, `${value.toFixed(2)} s`]);
  console.log(
    `\n${table.toString()}\nNo task was killed: the hook was completed after the last one.`,
  );
}

function seconds(from: Date | undefined, to: Date | undefined): number {
  return ((to?.getTime() ?? Number.NaN) - (from?.getTime() ?? Number.NaN)) / 1_000;
}

function describe(moments: Moments): string {
  return Object.entries(moments)
    .flatMap(([name, at]) => (at instanceof Date ? [`${name} ${at.toISOString()}`] : []))
    .join(", ");
}
