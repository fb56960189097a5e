import { join } from "./stories/join.ts";
import type { Story } from "./story.ts";

/** The stories that the demo can play, by their names. */
export const STORIES = { join } as const satisfies Record<string, Story>;

export type StoryName = keyof typeof STORIES;
