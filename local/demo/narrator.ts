import type { RotationName } from "../../lambdas/contracts/config/rotate.ts";
import type { NodeId } from "../../lambdas/contracts/ids.ts";
import type { Happening } from "./happening.ts";

/** The lines of Drover's journal about a node or a rotation so far. */
export type Said = (of: NodeId | RotationName) => readonly string[];

/** Tells a story as it happens. */
export interface Narrator {
  /** Tells all that has happened, and then what is about to be seen. */
  chapter(text: string): void;
  tell(happening: Happening): void;
  /**
   * Has Drover's journal of a node told as it grows.
   * @param name what the node is called on the timeline, where there are several.
   */
  follow(nodeId: NodeId, name?: string): void;
  /** The same of a rotation's journal. */
  followRotation(name: RotationName): void;
  /** Goes on until something is so. @throws when the story's time is over before. */
  until(what: string, isSo: (said: Said) => boolean): Promise<void>;
  /**
   * Goes on until Drover has finished with a node, once more than when it was asked before.
   * @throws when that ends otherwise, or not in the story's time.
   */
  untilFinished(nodeId: NodeId, outcome: string): Promise<void>;
  /** Goes on for a moment, until everybody has told of what has happened. */
  untilAllTold(): Promise<void>;
}
