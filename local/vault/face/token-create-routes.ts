import { seconds } from "../duration.ts";
import type { TokenRole } from "../token-role.ts";
import type { ModelToken } from "../tokens.ts";
import { type Call, Refusal, type Reply } from "./call.ts";
import { grantJson } from "./grant.ts";

/** As Vault, of what asks for no end. */
const DEFAULT_TTL_SECONDS = 2_764_800;

/** A child of the caller's. The model lets nobody ask for more than root and a role give. */
export function createToken(call: Call): Reply {
  const { token: parent } = call;
  if (!parent) throw new Refusal(403, "permission denied");
  refusePrivileges(call, parent);
  const policies = ofParent(policiesOf(call), parent);
  return granted(call, {
    policies,
    meta: metaOf(call),
    ttlSeconds: policies.includes("root") ? 0 : (seconds(call.body.ttl) ?? DEFAULT_TTL_SECONDS),
    parent: parent.id,
    path: "auth/token/create",
    displayName: "token",
  });
}

export function createTokenByRole(call: Call): Reply {
  const {
    model,
    token: parent,
    params: [name = ""],
  } = call;
  const role = model.tokenRoles.get(name);
  if (!parent) throw new Refusal(403, "permission denied");
  if (!role) throw new Refusal(400, `unknown role ${name}`);
  refusePrivileges(call, parent);
  return granted(call, {
    policies: policiesBy(role, policiesOf(call), parent),
    meta: metaOf(call),
    // A periodic one lives for its period, whatever is asked for.
    ttlSeconds: role.periodSeconds || (seconds(call.body.ttl) ?? DEFAULT_TTL_SECONDS),
    ...(!role.isOrphan && { parent: parent.id }),
    role: name,
    isRenewable: role.isRenewable,
    numUses: role.numUses,
    boundCidrs: role.boundCidrs,
    path: `auth/token/create/${name}`,
    displayName: "token",
  });
}

export function readTokenRole({ model, params: [name = ""] }: Call): Reply {
  const role = model.tokenRoles.get(name);
  if (!role) throw new Refusal(404);
  return {
    data: {
      allowed_entity_aliases: null,
      allowed_policies: role.allowedPolicies,
      allowed_policies_glob: [],
      disallowed_policies: [],
      disallowed_policies_glob: [],
      explicit_max_ttl: 0,
      name,
      orphan: role.isOrphan,
      path_suffix: "",
      period: 0,
      renewable: role.isRenewable,
      ...(role.boundCidrs.length > 0 && { token_bound_cidrs: role.boundCidrs }),
      token_explicit_max_ttl: 0,
      token_no_default_policy: false,
      ...(role.numUses > 0 && { token_num_uses: role.numUses }),
      token_period: role.periodSeconds,
      token_type: "default-service",
    },
  };
}

function granted({ model }: Call, input: Parameters<typeof model.tokens.create>[0]): Reply {
  return { auth: grantJson(model.tokens.create(input), model.clock.now()) };
}

function refusePrivileges({ body }: Call, parent: ModelToken): void {
  if (parent.policies.includes("root")) return;
  const asked = body.period !== undefined ? "periodic" : body.no_parent === true ? "orphan" : "";
  if (asked) throw new Refusal(400, `root or sudo privileges required to create ${asked} token`);
}

/** A text of names with commas is a list too. */
function policiesOf({ body: { policies } }: Call): string[] {
  if (typeof policies === "string") return policies.split(",");
  return Array.isArray(policies) ? policies.map(String) : [];
}

function metaOf({ body: { meta } }: Call): Record<string, string> | null {
  if (meta === undefined || meta === null) return null;
  if (typeof meta === "object") {
    return Object.fromEntries(Object.entries(meta).map(([name, value]) => [name, String(value)]));
  }
  const problem = `invalid key pair at index 0 in field "meta"`;
  throw new Refusal(
    400,
    `Field validation failed: error converting input for field "meta": ${problem}`,
  );
}

function ofParent(asked: readonly string[], parent: ModelToken): string[] {
  const wanted = asked.length > 0 ? withDefault(asked) : [...parent.policies];
  const isRoot = parent.policies.includes("root");
  if (isRoot || wanted.every((each) => parent.policies.includes(each))) return wanted;
  throw new Refusal(400, "child policies must be subset of parent");
}

function policiesBy(role: TokenRole, asked: readonly string[], parent: ModelToken): string[] {
  if (role.allowedPolicies.length === 0) return ofParent(asked, parent);
  const allowed = withDefault(role.allowedPolicies);
  if (asked.length === 0) return allowed;
  const wanted = asked.includes("root") ? [...asked] : withDefault(asked);
  if (wanted.every((each) => allowed.includes(each))) return wanted;
  const why = `must be subset of the role's allowed policies (${goList(allowed)}) or glob policies ([])`;
  throw new Refusal(400, `token policies (${goList(wanted)}) ${why}`);
}

function withDefault(policies: readonly string[]): string[] {
  return [...new Set(["default", ...policies])].sort();
}

function goList(names: readonly string[]): string {
  return `[${names.map((name) => JSON.stringify(name)).join(" ")}]`;
}
