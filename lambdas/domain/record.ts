import type { NodeItem } from "../contracts/node-item.ts";

/** What Drover keeps of a node while it works on it. The schema says what each field means. */
export type NodeRecord = Readonly<NodeItem>;
/** Why a node has to be worked on. */
export type Intent = NodeRecord["intents"][number];
/** The waiting of the instance at a lifecycle hook. */
export type HookIntent = Readonly<NonNullable<Intent["hook"]>>;
/** What has been seen and done. */
export type Progress = NodeRecord["progress"];
/** How far an instance has come that is to join. */
export type JoinProgress = Readonly<NonNullable<Progress["join"]>>;
/** How far the healing of a node has come. */
export type HealProgress = Readonly<NonNullable<Progress["heal"]>>;
/** How the work on a node ended. */
export type Outcome = NonNullable<NodeRecord["finished"]>["outcome"];
