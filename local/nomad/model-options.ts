import type { DownAfter } from "./heartbeats.ts";
import type { ClientIntroduction } from "./introductions.ts";

/** How a cluster is; what is left out has Nomad's default. */
export interface NomadModelOptions {
  /** Decides ids and everything else that is left to chance. @default 1 */
  readonly seed?: number;
  /** How many servers there are, all of them voters. @default 1 */
  readonly servers?: number;
  /** Whether tokens are asked for. @default true */
  readonly acl?: boolean;
  /** When a node whose agent died counts as down. @default after 13 to 30 s, as seen */
  readonly downAfter?: DownAfter;
  /** How new clients join; false for servers older than 1.11, which know nothing of it. */
  readonly clientIntroduction?: ClientIntroduction | false;
  /** The key that the servers encrypt their gossip with. @default they don't */
  readonly gossipKey?: string;
}
