import * as z from "zod";
import { UNIT_NAME } from "../events/command-event.ts";
import { Seconds } from "./fields.ts";

const UNIT = new RegExp(`^${UNIT_NAME}$`);

/**
 * So much of a pool: a number of nodes, or a share of them such as `"10%"`. Of a share that is less than
 * one node, one is meant.
 */
export const Share = z.union(
  [
    z.number().int().min(1).max(10_000),
    z.string().regex(/^(100|[1-9]\d?)%$/, "must be a share from 1% to 100%, in quotes"),
  ],
  { error: 'must be a number of nodes, or a share such as "10%"' },
);
export type Share = z.infer<typeof Share>;

/** How many nodes of so many a share is; at least one. */
export function nodesOf(share: Share, size: number): number {
  if (typeof share === "number") return share;
  return Math.max(1, Math.floor((Number.parseInt(share, 10) * size) / 100));
}

/** What to do with a node that may have to go. */
const NodeAction = z.enum(["ignore", "cordon", "drain", "replace"]);
export type NodeAction = z.infer<typeof NodeAction>;

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day in UTC such as 02:30, in quotes");

/** When work of Drover's own choice may begin, in UTC. One that ends before it begins ends the next day. */
const MaintenanceWindow = z.strictObject({
  /** @default every day */
  days: z
    .array(z.enum(DAYS))
    .min(1)
    .default([...DAYS]),
  from: TimeOfDay,
  to: TimeOfDay,
});
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

/** A day's name as `Date.getUTCDay` counts. */
export function dayName(day: number): (typeof DAYS)[number] {
  return DAYS[day % 7] ?? "sun";
}

/** What is done about what AWS announces, and what is found. */
export const EventsPolicy = z.strictObject({
  /**
   * A rebalance recommendation. Where the group has capacity rebalancing switched on, Auto Scaling itself
   * replaces the instance.
   */
  rebalance: NodeAction.default("ignore"),
  /** A change that AWS Health has scheduled: a retirement, a reboot, a maintenance. */
  health: z
    .strictObject({
      action: NodeAction.default("replace"),
      /** When it may be done. If none comes in time, it is done just in time. @default at once */
      windows: z.array(MaintenanceWindow).default([]),
    })
    .prefault({}),
  /** An instance that its group keeps in `Terminating:Retained`. */
  retained: z.enum(["report", "terminate"]).default("report"),
  /** An instance in service whose node Drover has drained, and nobody has ended. */
  leftOver: z.enum(["report", "replace"]).default("report"),
  /** So long work of Drover's own choice waits for what stands in its way, before it is given up. */
  patienceSeconds: Seconds.min(60).max(604_800).default(21_600),
});
export type EventsPolicy = z.infer<typeof EventsPolicy>;

/** How much may be taken at once by choice. What can't wait does not, but counts. */
export const BudgetPolicy = z.strictObject({
  /** Of the node pool. */
  pool: Share.default("10%"),
  /** Of its nodes in one availability zone. */
  zone: Share.default("25%"),
});
export type BudgetPolicy = z.infer<typeof BudgetPolicy>;

/** What is done about a node that is not well. */
export const HealPolicy = z.strictObject({
  /** false: nothing is restarted or replaced; the verdict is written down and told. */
  enabled: z.boolean().default(true),
  /** A condition has to last so long before the node is replaced. */
  toleranceSeconds: Seconds.min(60).max(86_400).default(600),
  /** The same for one with which the node still works. */
  softToleranceSeconds: Seconds.min(60).max(86_400).default(1_800),
  /** Agents are restarted once within this time at the most. */
  restartWindowSeconds: Seconds.min(300).max(604_800).default(3_600),
  /** The systemd units to restart, in this order. */
  units: z
    .array(z.string().regex(UNIT, "must be the name of a systemd unit"))
    .min(1)
    .default(["consul", "nomad"]),
  /** So long the agents have to come back after a restart. */
  verifySeconds: Seconds.min(15).max(3_600).default(180),
  /** false: a node that does not heal is reported and kept. */
  replace: z.boolean().default(true),
  /** Whether Auto Scaling waits for the health check grace period of a new instance. */
  respectGracePeriod: z.boolean().default(true),
  /** When it is not the nodes. */
  breaker: z
    .strictObject({
      /** More than so much of the pool is unhealthy at once: nothing is restarted or replaced. */
      unhealthy: Share.default("20%"),
      /** So many were to be replaced within the window: nothing more is. */
      replacements: z.number().int().min(1).max(1_000).default(5),
      windowSeconds: Seconds.min(60).max(86_400).default(3_600),
    })
    .prefault({}),
  /** Pause between two looks. */
  pollSeconds: Seconds.min(5).max(300).default(15),
});
export type HealPolicy = z.infer<typeof HealPolicy>;
