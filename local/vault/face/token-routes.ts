import { plusSeconds } from "../../clock.ts";
import { seconds } from "../duration.ts";
import type { ModelToken } from "../tokens.ts";
import type { Wrapping } from "../wrappings.ts";
import { type Call, oneError, Refusal, type Reply, textOf } from "./call.ts";
import { grantJson } from "./grant.ts";

export function lookUpSelf({ model, token }: Call): Reply {
  return { data: token && { ...tokenJson(token, model.clock.now()), id: token.id } };
}

/** That of the caller, when the body has none. */
export function lookUpToken(call: Call): Reply {
  const { model, token: caller } = call;
  const asked = textOf(call, "token");
  const token = asked === "" ? caller : model.tokens.find(asked);
  if (!token) throw new Refusal(403, "bad token");
  return { data: { ...tokenJson(token, model.clock.now()), id: token.id } };
}

/** A periodic one gets another period, whatever it asks for, as long as its role is there; the others may ask. */
export function renewSelf({ model, token, body }: Call): Reply {
  if (!token?.isRenewable) throw new Refusal(400, "lease is not renewable");
  const role = token.role === undefined ? undefined : model.tokenRoles.get(token.role);
  if (token.role !== undefined && !role) {
    const gone = `original token role "${token.role}" could not be found, not renewing`;
    throw oneError(500, `failed to renew entry: ${gone}`);
  }
  const period = role?.periodSeconds ?? 0;
  const asked = period || (seconds(body.increment) ?? 0);
  const renewed = model.tokens.renew(token, asked, period > 0);
  return { auth: grantJson(renewed, model.clock.now()) };
}

export function revokeSelf({ model, token }: Call): undefined {
  if (token) model.tokens.revoke(token);
}

export function listAccessors({ model }: Call): Reply {
  return { data: { keys: model.tokens.all().map(({ accessor }) => accessor) } };
}

/** The token itself is not in the answer. */
export function lookUpAccessor(call: Call): Reply {
  const accessor = textOf(call, "accessor");
  if (accessor === "") throw oneError(400, "missing accessor");
  const { tokens, wrappings, clock } = call.model;
  const token = tokens.byAccessor(accessor);
  if (token) return { data: tokenJson(token, clock.now()) };
  const wrapping = wrappings.byAccessor(accessor);
  if (!wrapping) throw oneError(400, "invalid accessor");
  return { data: wrappingJson(wrapping, clock.now()) };
}

export function revokeAccessor(call: Call): Reply | undefined {
  const token = call.model.tokens.byAccessor(textOf(call, "accessor"));
  if (!token) return { warnings: ["No token found with this accessor"] };
  call.model.tokens.revoke(token);
  return undefined;
}

/** Of a token that a role made there is no `period`: the role's own counts at each renewal. */
function tokenJson(token: ModelToken, now: Date) {
  const { ttlSeconds, createdAt, expiresAt, renewedAt, role } = token;
  return {
    accessor: token.accessor,
    creation_time: Math.floor(createdAt.getTime() / 1_000),
    creation_ttl: ttlSeconds,
    display_name: token.displayName,
    entity_id: "",
    expire_time: expiresAt?.toISOString() ?? null,
    explicit_max_ttl: 0,
    id: "",
    issue_time: createdAt.toISOString(),
    ...(renewedAt && {
      last_renewal: renewedAt.toISOString(),
      last_renewal_time: Math.floor(renewedAt.getTime() / 1_000),
    }),
    ...(token.boundCidrs.length > 0 && { bound_cidrs: token.boundCidrs }),
    meta: token.meta,
    num_uses: usesJson(token),
    orphan: token.parent === undefined,
    path: token.path,
    policies: token.policies,
    renewable: token.isRenewable,
    ...(role !== undefined && { role }),
    ttl: expiresAt ? Math.floor((expiresAt.getTime() - now.getTime()) / 1_000) : 0,
    type: "service",
  };
}

/** The token of a wrapping is for one use, whoever made it. */
function wrappingJson({ accessor, creationPath, createdAt, ttlSeconds }: Wrapping, now: Date) {
  const endsAt = plusSeconds(createdAt, ttlSeconds);
  return {
    accessor,
    creation_time: Math.floor(createdAt.getTime() / 1_000),
    creation_ttl: ttlSeconds,
    display_name: "token",
    entity_id: "",
    expire_time: endsAt.toISOString(),
    explicit_max_ttl: ttlSeconds,
    id: "",
    issue_time: createdAt.toISOString(),
    meta: null,
    num_uses: 1,
    orphan: true,
    path: creationPath,
    policies: ["response-wrapping"],
    renewable: false,
    ttl: Math.floor((endsAt.getTime() - now.getTime()) / 1_000),
    type: "service",
  };
}

/** -1: its last one is being used. */
function usesJson({ numUses, usesLeft }: ModelToken): number {
  return numUses > 0 && usesLeft === 0 ? -1 : usesLeft;
}
