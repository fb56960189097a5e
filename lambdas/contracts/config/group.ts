import * as z from "zod";
import { GroupName } from "../ids.ts";
import { Seconds } from "./fields.ts";
import { BudgetPolicy, EventsPolicy, HealPolicy } from "./node-policies.ts";

/** How nodes of a group are drained. */
export const DrainPolicy = z.strictObject({
  /** From the event to the moment Drover stops waiting, at most. The hook's own cap is kept too. */
  timeoutSeconds: Seconds.min(30).max(172_800).default(900),
  /** Left between Nomad's drain deadline and ours when no job's kill timeout is known to be longer. */
  killMarginSeconds: Seconds.min(0).max(3_600).default(45),
  /** true: system jobs keep running on a draining node and are not waited for. */
  ignoreSystemJobs: z.boolean().default(false),
  /** Pause between two looks at a draining node. */
  pollSeconds: Seconds.min(1).max(60).default(2),
});
export type DrainPolicy = z.infer<typeof DrainPolicy>;

const Breaker = z.strictObject({
  /** So many abandoned launches within the window open it; then nothing is abandoned any more. */
  abandons: z.number().int().min(1).max(100).default(3),
  windowSeconds: Seconds.min(60).max(86_400).default(3_600),
});

/** What an instance has to show before its launch hook is completed. */
export const JoinPolicy = z.strictObject({
  /** From the event to the moment Drover gives the instance up. The hook's own cap is kept too. */
  timeoutSeconds: Seconds.min(30).max(172_800).default(900),
  /** Pause between two looks at an instance that is not there yet. */
  pollSeconds: Seconds.min(1).max(60).default(5),
  /** The node pool the Nomad client has to be in. */
  nodePool: z.string().min(1).default("default"),
  /** The Nomad datacenter it has to be in. @default any */
  datacenter: z.string().min(1).optional(),
  /** What its agent's version has to begin with, such as `2.0` or `2.0.3`. @default any */
  nomadVersion: z
    .string()
    .regex(/^\d+(\.\d+){0,2}([-+].*)?$/, "must be a version or the first numbers of one, in quotes")
    .optional(),
  /** A sysbatch or parameterised job that has to succeed on the node. @default none */
  smokeJob: z
    .strictObject({ id: z.string().min(1), namespace: z.string().min(1).default("default") })
    .optional(),
  /** When to stop replacing instances that do not come up. */
  breaker: Breaker.prefault({}),
});
export type JoinPolicy = z.infer<typeof JoinPolicy>;

/** An Auto Scaling group whose instances are Nomad clients that Drover looks after. */
export const Group = z.strictObject({
  /** It becomes part of ARNs in the function's role, where a wildcard would allow more groups. */
  name: GroupName.refine((name) => !/[*?]/.test(name), {
    error: "must be the name of one group, without * or ?: list each group by itself",
  }),
  /** The terminate hooks that are Drover's to complete. @default every one it hears of */
  terminateHooks: z.array(z.string().min(1)).min(1).optional(),
  /** The launch hooks that are Drover's to complete. @default every one it hears of */
  launchHooks: z.array(z.string().min(1)).min(1).optional(),
  drain: DrainPolicy.prefault({}),
  join: JoinPolicy.prefault({}),
  events: EventsPolicy.prefault({}),
  budget: BudgetPolicy.prefault({}),
  heal: HealPolicy.prefault({}),
});
export type Group = z.infer<typeof Group>;
