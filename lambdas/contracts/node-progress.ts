import * as z from "zod";
import { Instant } from "./instant.ts";

/** How far an instance has come that is to join. */
const JoinItem = z.object({
  /** It was given its introduction. */
  introduced: z.object({ at: Instant }).optional(),
  /** When it is its turn to be introduced: many are, and few writes a second are allowed. */
  turnAt: Instant.optional(),
  /** Its introduction was being made: some of it may be left of a pass that failed. */
  making: z.boolean().optional(),
  /** The instance could not unwrap its secret id. */
  intercepted: z.string().optional(),
  nomadReadyAt: Instant.optional(),
  consulAliveAt: Instant.optional(),
  /** It has logged in to Vault with what it was given. */
  vaultProvenAt: Instant.optional(),
  /** The run of a parameterised smoke job that was made for this node. */
  smokeRun: z.string().optional(),
  smokePassedAt: Instant.optional(),
  /** What was decided about an instance that did not come up. */
  verdict: z
    .object({ at: Instant, abandon: z.boolean(), why: z.string(), seen: z.array(z.string()) })
    .optional(),
});

/** How far the healing of a node has come. */
const HealItem = z.object({
  /** What is wrong, and since when the node has been so unwell, or worse, without a break. */
  condition: z
    .object({
      verdict: z.string(),
      since: Instant,
      /** When this very verdict was first reached. */
      seenAt: Instant,
      confirmedAt: Instant.optional(),
    })
    .optional(),
  /** The verdict that the journal has. */
  told: z.string().optional(),
  /** Nomad's leader as it was seen last, with its term, and when that was found to be another one. */
  leader: z.object({ who: z.string(), changedAt: Instant.optional() }).optional(),
  /** The restart of its agents: planned first, so that a crash leads to none beside it. */
  restart: z
    .object({
      plannedAt: Instant,
      commandId: z.string().optional(),
      /** How the command ended. */
      result: z.string().optional(),
      endedAt: Instant.optional(),
    })
    .optional(),
  /** drain-client was asked to replace it: the slot is the drain's from then on. */
  handedOverAt: Instant.optional(),
});

/** What has been seen and done, as far as it can't be read from the world again. */
export const ProgressItem = z.object({
  /** The instance's state in its group when it was last read. */
  lifecycle: z.object({ state: z.string(), at: Instant }).optional(),
  /** Raft index of the Nomad node's registration: what follows is about that one alone. */
  nodeIndex: z.number().optional(),
  ineligibleAt: Instant.optional(),
  /** Drover has made it ineligible, and makes it eligible again if it changes its mind. */
  cordoned: z.boolean().optional(),
  /**
   * The pool in whose budget the node has a slot; written before one is taken, so that it is given back
   * whatever becomes of the pass.
   */
  slot: z.object({ pool: z.string(), takenAt: Instant.optional() }).optional(),
  /** Auto Scaling was told to replace it. */
  replacedAt: Instant.optional(),
  /** That EC2 has no such instance was seen once already. */
  goneSeenAt: Instant.optional(),
  drain: z
    .object({
      by: z.enum(["drover", "operator"]),
      startedAt: Instant,
      /** The record's deadline when the drain was last looked at: only an earlier one moves it. */
      forDeadlineAt: Instant,
    })
    .optional(),
  emptyAt: Instant.optional(),
  /** The deadline passed before the node was known to be empty. */
  gaveUp: z.object({ at: Instant, why: z.string() }).optional(),
  /** The instance went before its node was empty, by no doing of Drover's. */
  cutShort: z.object({ at: Instant, why: z.string() }).optional(),
  neverJoined: z.boolean().optional(),
  join: JoinItem.optional(),
  heal: HealItem.optional(),
  /** Consul's node was last deregistered then, and whether its agent seemed to live. */
  consulLeft: z.object({ at: Instant, alive: z.boolean() }).optional(),
  consulRevokedAt: Instant.optional(),
  /** EC2 has terminated the instance, or the machine is silent: since then it is cleaned up. */
  goneAt: Instant.optional(),
  /** What it has of Vault's is revoked, and its parameters are deleted. */
  forgottenAt: Instant.optional(),
  /** Allocations that were still there at the last look, to tell which have stopped since. */
  remaining: z.array(z.string()).readonly().optional(),
  /** What observe mode has already said it would do. */
  would: z.array(z.string()).readonly().optional(),
});
