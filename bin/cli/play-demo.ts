import { openStage } from "../../local/demo/stage.ts";
import { STORIES } from "../../local/demo/stories.ts";
import type { Ending, Story } from "../../local/demo/story.ts";
import type { StoryName } from "../../local/demo/story-names.ts";
import { DemoNarrator } from "./demo-narrator.ts";
import { assertAllWell, report } from "./demo-report.ts";

const LIMIT_SECONDS = 100;

export interface DemoOptions {
  readonly story: StoryName;
  readonly json?: boolean;
}

/** Plays a story. @throws {UserError} when something of what it tells did not happen. */
export async function playDemo({ story, json }: DemoOptions): Promise<void> {
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
