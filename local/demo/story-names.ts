/**
 * The stories that the demo can play, each in a line. They stand apart from the stories, so that whoever only asks
 * which there are does not load a whole cluster.
 */
export const STORY_ABOUTS = {
  join: "an instance becomes a trusted member, works, and goes without a trace",
  spot: "EC2 takes a Spot instance back: its node is empty long before the two minutes are over",
  health: "AWS retires two instances in nine days: one after the other is drained and replaced",
  heal: "two Nomad agents die: a restart heals one node, and the other is replaced",
  missed: "the event of a terminate hook is lost, and the sweep finds the instance that waits",
  rotate: "a token of Vault is rotated under a consumer that uses it every second",
} as const;

export type StoryName = keyof typeof STORY_ABOUTS;
