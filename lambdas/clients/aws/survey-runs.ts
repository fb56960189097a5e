import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { InstanceId } from "../../contracts/ids.ts";
import { Instant } from "../../contracts/instant.ts";
import { SWEEP_ITEM } from "../../contracts/table.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import type { SweepMemory } from "../../domain/sweep/memory.ts";
import type { SweepRuns } from "../../domain/sweep/ports.ts";
import { createSharedItems } from "./shared-item.ts";

/** What was remembered before is worth nothing after so long a pause. */
const KEPT_SECONDS = 86_400;

const Leader = z.object({ who: z.string(), since: Instant });

const SweepItem = z.object({
  lease: z.object({ owner: z.string(), until: Instant }).optional(),
  nomadLeader: Leader.optional(),
  consulLeader: Leader.optional(),
  absences: z.array(z.object({ instanceId: InstanceId, since: Instant })),
  loneVoters: z.array(z.object({ address: z.string(), told: z.boolean() })),
});

/** The sweep's item in DynamoDB: its lease, and what one sweep leaves to the next. */
export function createSweepRuns(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
): SweepRuns {
  const change = createSharedItems(client, table, SweepItem, "the sweep's item");
  const write = (content: z.output<typeof SweepItem>) => {
    const expiresAt = new Date(clock.now().getTime() + KEPT_SECONDS * 1_000);
    return { content, expiresAt };
  };
  return {
    begin: (owner, until) =>
      change<SweepMemory | undefined>(SWEEP_ITEM, (before) => {
        const held = before?.lease;
        if (held && held.owner !== owner && held.until > clock.now()) return { answer: undefined };
        const { lease: _over, ...memory } = before ?? NOTHING;
        return { answer: memory, write: write({ ...memory, lease: { owner, until } }) };
      }),
    end: (owner, { absences, loneVoters, ...leaders }) =>
      change<undefined>(SWEEP_ITEM, (before) => {
        if (before?.lease?.owner !== owner) return { answer: undefined };
        const memory = { ...leaders, absences: [...absences], loneVoters: [...loneVoters] };
        return { answer: undefined, write: write(memory) };
      }),
  };
}

const NOTHING: z.output<typeof SweepItem> = { absences: [], loneVoters: [] };
