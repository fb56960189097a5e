import * as z from "zod";
import { WATCHED_KINDS } from "./config/watched.ts";
import { Instant } from "./instant.ts";

/** How it stands with a credential that nobody rotates. */
const WatchedItem = z.object({
  /** The field of the configuration that names it. */
  name: z.string(),
  kind: z.enum(WATCHED_KINDS),
  secret: z.string().optional(),
  state: z.enum([
    /** More than enough of its life is left, or it never ends. */
    "lives",
    "expiring",
    /** It has run out, or its server does not know it. */
    "dead",
    /** Whoever had to be asked could not be. */
    "unseen",
  ]),
  createdAt: Instant.optional(),
  /** Not there when it never ends. */
  expiresAt: Instant.optional(),
  /** What is wrong with it, and what to do. */
  why: z.string().optional(),
});
export type WatchedItem = z.output<typeof WatchedItem>;

/** What the latest look has seen of all of them, as the table holds it. Nothing of it opens anything. */
export const WatchItem = z.object({
  lookedAt: Instant,
  credentials: z.array(WatchedItem).readonly(),
});
export type WatchItem = z.output<typeof WatchItem>;
