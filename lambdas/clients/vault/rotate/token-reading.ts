import * as z from "zod";
import type { Standing } from "../../../domain/rotate/kind.ts";

const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What a lookup says of a token, of whatever kind the lookup is. */
export const TokenReading = z.object({
  data: z.object({
    accessor: z.string(),
    creation_time: z.number(),
    /** Null: it never expires. */
    expire_time: Time.nullable(),
    issue_time: Time.optional(),
    last_renewal: Time.optional(),
    last_renewal_time: z.number().optional(),
    meta: z.record(z.string(), z.string()).nullish(),
    num_uses: z.number(),
    orphan: z.boolean(),
    policies: z.array(z.string()),
    renewable: z.boolean().optional(),
    type: z.string(),
  }),
});
export type LookedUp = z.infer<typeof TokenReading>["data"];

/**
 * What Vault says of a token that lives. How long it lives is measured: of a token that a role made, no lookup
 * has the `period` (only one that was made with a period of its own), since the role's own counts at each
 * renewal.
 */
export function standingOf(token: LookedUp): Standing {
  const createdAt = token.issue_time ?? inSeconds(token.creation_time);
  const renewedAt =
    token.last_renewal ??
    (token.last_renewal_time === undefined ? undefined : inSeconds(token.last_renewal_time));
  const expiresAt = token.expire_time ?? undefined;
  return {
    accessor: token.accessor,
    createdAt,
    ...(renewedAt && { renewedAt }),
    ...(expiresAt && { expiresAt, lifeSeconds: secondsBetween(renewedAt ?? createdAt, expiresAt) }),
  };
}

function inSeconds(seconds: number): Date {
  return new Date(seconds * 1_000);
}

function secondsBetween(from: Date, until: Date): number {
  return Math.round((until.getTime() - from.getTime()) / 1_000);
}
