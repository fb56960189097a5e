import { STORY_ABOUTS } from "../../local/demo/story-names.ts";

/** What `drover demo --help` says beyond its options. */
export const DEMO_HELP = `
It starts AWS, Nomad, Consul and Vault as models in this process, with Drover's real functions and the
real SDK clients at work on them over HTTP, and shows one story as it happens:

${stories()}

A line names who speaks; Drover's own are those of its journal, * before what it did. No secret is
printed. The exit code is 1 if anything of what the story tells did not happen, if a task was killed,
if anything of an instance that went is left in any system, if a consumer was refused, or if a token
lives that should not.`;

function stories(): string {
  const width = Math.max(...Object.keys(STORY_ABOUTS).map((name) => name.length));
  return Object.entries(STORY_ABOUTS)
    .map(([name, about]) => `  ${name.padEnd(width)}  ${about}`)
    .join("\n");
}
