import * as z from "zod";
import { AnnouncedNode } from "./events/node-event.ts";
import { HINT_REASONS } from "./hint.ts";
import { GroupName, NodeId, NomadNodeId, TickId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { FLOW_NAMES } from "./names.ts";
import { ProgressItem } from "./node-progress.ts";

/** The waiting of the instance at a lifecycle hook, which somebody has to end. */
const HookItem = z.object({
  group: GroupName,
  name: z.string(),
  /** Known by its event alone; without, the instance's id says which waiting is meant. */
  token: z.string().optional(),
  /** When the waiting began, by the event. */
  since: Instant,
  heartbeatAt: Instant.optional(),
  /** The waiting is over: Drover ended it, or it ran out or was ended by somebody else. */
  over: z.object({ at: Instant, by: z.enum(["drover", "somebody-else"]) }).optional(),
  /** How often completing was refused although the instance still waited. */
  refusals: z.number().optional(),
});

/** Why a node can have to be worked on. */
export const INTENT_REASONS = [
  ...HINT_REASONS,
  "capacity-interruption",
  "announced",
  "withdrawn",
] as const;

/** Why a node has to be worked on. Equal keys are the same intent heard twice. */
const IntentItem = z.object({
  key: z.string(),
  reason: z.enum(INTENT_REASONS),
  eventId: z.string(),
  account: z.string(),
  /** The Auto Scaling group the event names. */
  group: GroupName.optional(),
  /** When the event left its source. */
  occurredAt: Instant,
  receivedAt: Instant,
  deadlineAt: Instant,
  hook: HookItem.optional(),
  /** Set when the event announces no end of the instance, with what it announces. */
  notATermination: z.string().optional(),
  /** What an announcement says of the node. */
  announced: AnnouncedNode.optional(),
  /** What was found, in the words of whoever found it. */
  found: z.string().optional(),
  /** The journal has it. */
  told: z.boolean().optional(),
});

/** How the work on a node ended. */
const OutcomeItem = z.enum([
  /** Empty, let go and cleaned up. */
  "drained",
  /** Let go at the deadline although tasks still ran, or although nobody could look. */
  "gave-up",
  /** The instance went before its node was empty: its hook ran out or was ended by somebody else. */
  "cut-short",
  /** No Nomad node ever was on the instance. */
  "never-joined",
  /** The instance was gone before there was anything to do. */
  "instance-gone",
  /** An operator took the node back. */
  "cancelled",
  /** The group or the account is not in the configuration. */
  "not-ours",
  /** The event announces no end: a warm pool or a new root volume. */
  "not-a-termination",
  /** It came up, was checked and let in. */
  "joined",
  /** It did not come up in time, and is replaced. */
  "abandoned",
  /** It did not come up in time and was let in, ineligible, since too many were abandoned before. */
  "let-in-unproven",
  /** It no longer waited at a launch hook when it was looked at. */
  "not-pending",
  /** It goes into the warm pool, and joins when it comes out. */
  "warmed",
  /** Its entry in Consul's catalog is as announced. */
  "registered",
  /** Nothing of it is left in Consul's catalog. */
  "deregistered",
  /** Nothing was to be done about it, by the group's policy. */
  "ignored",
  /** It gets no more work, by the group's policy. */
  "cordoned",
  /** It was to be replaced, but something stood in the way for too long: it stays. */
  "held-off",
  /** It has a new root volume; its former Nomad node is purged. */
  "root-volume-replaced",
  /** It was found, and an operator has to look at it. */
  "reported",
  /** It is not in service in its group: others look after it. */
  "not-in-service",
  /** It is well again. */
  "recovered",
  /** It did not heal: it is drained and replaced. */
  "to-be-replaced",
]);

/** A node's record as the table holds it; its keys are in `table.ts`. */
export const NodeItem = z.object({
  nodeId: NodeId,
  flow: z.enum(FLOW_NAMES),
  group: GroupName.optional(),
  nomadNodeId: NomadNodeId.optional(),
  /** Its node in Consul, as it was when it joined or was registered. */
  consulNode: z.object({ name: z.string(), id: z.string().nullable() }).optional(),
  /** The name its agents join under; EC2 does not tell a host's name once the instance is gone. */
  nodeName: z.string().optional(),
  /** Of the token that the instance has got from Vault, by its own report. It opens nothing. */
  vaultTokenAccessor: z.string().optional(),
  intents: z.array(IntentItem.readonly()).readonly(),
  /** The keys of what work on the node before this was about, or of what was told again; the latest last. */
  heard: z.array(z.string()).readonly().optional(),
  /** What waits until this work is over: by choice nothing ends a join or a healing. */
  later: z.array(IntentItem.readonly()).readonly().optional(),
  /** The work before this one, and how it ended. */
  after: z.object({ flow: z.enum(FLOW_NAMES), outcome: OutcomeItem, at: Instant }).optional(),
  /** The earliest deadline of the intents; it never moves later. */
  deadlineAt: Instant,
  /** Goes into the drain's Meta, so that our own drain is known again. */
  drainId: z.string(),
  progress: ProgressItem.readonly(),
  /** Optimistic lock; 0 is a record that was never stored. */
  version: z.number(),
  lease: z
    .object({
      owner: z.string(),
      until: Instant,
      /** Whoever held it before never gave it back: what they did last may not stand in the record. */
      tookOver: z.boolean().optional(),
    })
    .optional(),
  tick: z
    .object({
      id: TickId,
      /** The tick that was followed to make this one, which may never have been sent. */
      replaced: TickId.optional(),
      at: Instant,
    })
    .optional(),
  /** What the last pass ended with: the step that waits, and for what. */
  waiting: z
    .object({
      step: z.string(),
      why: z.string(),
      /** More of why, as it was at the last look. */
      detail: z.string().optional(),
      since: Instant,
    })
    .optional(),
  finished: z.object({ outcome: OutcomeItem, why: z.string(), at: Instant }).optional(),
  createdAt: Instant,
});
export type NodeItem = z.output<typeof NodeItem>;
