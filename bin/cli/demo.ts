import { Command } from "commander";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import { type Demo, startDemo } from "../../local/demo/story.ts";
import { Chronicle } from "./chronicle.ts";
import { DemoJournal } from "./demo-journal.ts";
import { assertAllWell, measured, report } from "./demo-report.ts";
import { CHAPTERS, DEMO_HELP, ENDING } from "./demo-text.ts";

const LIMIT_SECONDS = 100;
/** Looks at the journal, after which everybody has told of an end. */
const LAST_LOOKS = 3;

interface Options {
  readonly json?: boolean;
}

/** `drover demo`: an instance's launch, work and end, in a cluster in this process. */
export function demoCommand(): Command {
  return new Command("demo")
    .description(
      "watch an instance become a trusted member, work, and go without a trace, in a minute",
    )
    .option("--json", "print the measured times as JSON instead of the timeline")
    .addHelpText("after", DEMO_HELP)
    .action(demo);
}

async function demo({ json }: Options): Promise<void> {
  const print = (text: string) => {
    if (!json) console.log(text);
  };
  const chronicle = new Chronicle(new Date(), print);
  chronicle.chapter(CHAPTERS.launch);
  const running = await startDemo((happening) => chronicle.add({ ...happening, kind: "saw" }));
  try {
    const nodeId = NodeId.parse(running.instanceId);
    await tell(running, new DemoJournal(nodeId, chronicle, LIMIT_SECONDS), chronicle);
  } finally {
    await running.stack.stop();
  }
  assertAllWell(running);
  if (json) console.log(JSON.stringify({ seconds: measured(running.moments) }));
  else console.log(`${report(running.moments)}\n${ENDING}`);
}

async function tell(running: Demo, journal: DemoJournal, chronicle: Chronicle): Promise<void> {
  let looks = 0;
  const everybodyHasTold = () => ++looks % LAST_LOOKS === 0;
  await journal.untilFinished("joined");
  await journal.until("in service", () => running.moments.has("inService"));
  await journal.until("all told", everybodyHasTold);
  chronicle.chapter(CHAPTERS.work);
  running.giveWork();
  await journal.until("at work", running.isAtWork);
  chronicle.chapter(CHAPTERS.terminate);
  running.scaleIn();
  await journal.untilFinished("drained");
  await journal.until("all told", everybodyHasTold);
  chronicle.chapter("");
}
