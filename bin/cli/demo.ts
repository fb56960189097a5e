import { Command, Option } from "commander";
import { openStage } from "../../local/demo/stage.ts";
import { STORIES, type StoryName } from "../../local/demo/stories.ts";
import type { Ending, Story } from "../../local/demo/story.ts";
import { DemoNarrator } from "./demo-narrator.ts";
import { assertAllWell, report } from "./demo-report.ts";
import { DEMO_HELP } from "./demo-text.ts";

const LIMIT_SECONDS = 100;

interface Options {
  readonly story: StoryName;
  readonly json?: boolean;
}

/** `drover demo`: what becomes of instances and credentials, in a cluster in this process. */
export function demoCommand(): Command {
  return new Command("demo")
    .description(
      "watch an instance become a trusted member, work, and go without a trace, in a minute; " +
        "or another story",
    )
    .addOption(
      new Option("--story <name>", "which story").choices(Object.keys(STORIES)).default("join"),
    )
    .option("--json", "print the measured times as JSON instead of the timeline")
    .addHelpText("after", DEMO_HELP)
    .action(demo);
}

async function demo({ story, json }: Options): Promise<void> {
  const print = (text: string) => {
    if (!json) console.log(text);
  };
  const ending = await play(STORIES[story], print);
  assertAllWell(ending);
  const { measured, moral } = ending;
  if (json) console.log(JSON.stringify({ seconds: measured }));
  else console.log(`${report(measured)}\n${moral}`);
}

async function play(story: Story, print: (text: string) => void): Promise<Ending> {
  const narrator = new DemoNarrator(print, story.limitSeconds ?? LIMIT_SECONDS);
  narrator.chapter(story.opening);
  const stack = await openStage(story.stage);
  try {
    const ending = await story.play(stack, narrator);
    await narrator.untilAllTold();
    narrator.chapter("");
    return ending;
  } finally {
    await stack.stop();
  }
}
