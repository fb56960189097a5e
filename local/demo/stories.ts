import { heal } from "./stories/heal.ts";
import { health } from "./stories/health.ts";
import { join } from "./stories/join.ts";
import { missed } from "./stories/missed.ts";
import { rotate } from "./stories/rotate.ts";
import { spot } from "./stories/spot.ts";
import type { Story } from "./story.ts";
import type { StoryName } from "./story-names.ts";

/** The stories that the demo can play, by their names. */
export const STORIES: Readonly<Record<StoryName, Story>> = {
  join,
  spot,
  health,
  heal,
  missed,
  rotate,
};
