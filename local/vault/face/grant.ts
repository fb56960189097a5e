import type { ModelToken } from "../tokens.ts";

/** A token as whoever has just got or renewed it is told of it. */
export function grantJson(token: ModelToken, now: Date): unknown {
  const { expiresAt } = token;
  return {
    client_token: token.id,
    accessor: token.accessor,
    policies: token.policies,
    token_policies: token.policies,
    metadata: token.meta,
    lease_duration: expiresAt ? Math.round((expiresAt.getTime() - now.getTime()) / 1_000) : 0,
    renewable: token.isRenewable,
    entity_id: "",
    token_type: "service",
    orphan: token.parent === undefined,
    mfa_requirement: null,
    num_uses: token.numUses,
  };
}
