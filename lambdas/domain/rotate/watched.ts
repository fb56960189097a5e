import type { WatchedItem } from "../../contracts/watch-item.ts";
import type { Standing } from "./kind.ts";

/** What is known of when something ends; with no `expiresAt`, it never does. */
export type Lifetime = Pick<Standing, "createdAt" | "expiresAt" | "lifeSeconds">;

/** Something that Drover is let in with, or knows a server by, and that nobody rotates. */
export interface Watched extends Pick<WatchedItem, "name" | "kind" | "secret"> {
  /** What it is and where it is named, as in "the token in secret x (nomad.tokenSecret)". */
  readonly what: string;
  /** What to do before it ends. */
  readonly fix: string;
  /** It is told no earlier before its end. @default when a third of its life is left, however long that is */
  readonly noticeSeconds?: number;
  /**
   * Asks how long it lives.
   * @returns undefined when its server does not know it: it is dead.
   * @throws {PortError} when that can't be seen; no message ever holds a value.
   */
  look(): Promise<Lifetime | undefined>;
}
