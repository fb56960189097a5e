import { Command, Option } from "commander";
import { STORY_ABOUTS } from "../../local/demo/story-names.ts";
import { DEMO_HELP } from "./demo-text.ts";
import type { DemoOptions } from "./play-demo.ts";

/** `drover demo`: what becomes of instances and credentials, in a cluster in this process. */
export function demoCommand(): Command {
  return new Command("demo")
    .description(
      "watch an instance become a trusted member, work, and go without a trace, in a minute; " +
        "or another story",
    )
    .addOption(
      new Option("--story <name>", "which story")
        .choices(Object.keys(STORY_ABOUTS))
        .default("join"),
    )
    .option("--json", "print the measured times as JSON instead of the timeline")
    .addHelpText("after", DEMO_HELP)
    .action(async (options: DemoOptions) => {
      // A whole cluster: the other commands do without it.
      const { playDemo } = await import("./play-demo.ts");
      await playDemo(options);
    });
}
