import type { LocalStack } from "../stack.ts";
import type { Narrator } from "./narrator.ts";
import type { StageInput } from "./stage.ts";
import type { Subject } from "./subject.ts";

/** Seconds by what they are called, for each part of a story. */
export type Measured = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What a story has come to. */
export interface Ending {
  /** The instances it was about: what had to happen to each is asked for, and what is left of it. */
  readonly subjects: readonly Subject[];
  /** What else is not as it should be, each in a sentence. @default nothing */
  readonly troubles?: readonly string[];
  readonly measured: Measured;
  /** What was to be seen, in a few words. */
  readonly moral: string;
}

/** Something that the demo plays in a cluster in this process, in real time. */
export interface Story {
  /** What is about to be seen first. */
  readonly opening: string;
  readonly stage: StageInput;
  /** What is longer has gone wrong. @default 100 */
  readonly limitSeconds?: number;
  /** Plays it to its end. @throws when something does not happen in its time. */
  play(stack: LocalStack, narrator: Narrator): Promise<Ending>;
}
