import { type Call, Refusal, type Reply, textOf } from "./call.ts";
import { grantJson } from "./grant.ts";

/** The login of whatever auth method is mounted there. */
export async function logIn(call: Call): Promise<Reply> {
  const {
    model,
    params: [mount = ""],
    body,
  } = call;
  const path = `auth/${mount}/login`;
  const jwt = model.jwtAuths.get(mount);
  const aws = model.awsAuths.get(mount);
  if (model.appRoles.has(mount)) return withAppRole(call, mount);
  if (!jwt && !aws) {
    throw new Refusal(404, `no handler for route "${path}". route entry not found.`);
  }
  const now = model.clock.now();
  const name = textOf(call, "role");
  const role = jwt ? jwt.logIn(name, textOf(call, "jwt"), now) : await aws?.logIn(body, now);
  if (role === undefined || typeof role === "string") throw new Refusal(400, role ?? "");
  const { policies, tokenTtlSeconds: ttlSeconds } = role;
  const token = model.tokens.create({
    policies: withDefault(policies),
    ttlSeconds,
    meta: { role: name },
    path,
    displayName: mount,
  });
  return { auth: grantJson(token, now) };
}

function withAppRole(call: Call, mount: string): Reply {
  const { model } = call;
  const roleId = textOf(call, "role_id");
  if (roleId === "") throw new Refusal(500, "missing role_id");
  const role = model.appRoles.get(mount)?.byRoleId(roleId);
  if (role?.lockout.isLocked) throw new Refusal(403, "permission denied");
  const used = role?.secretIds.use(textOf(call, "secret_id"));
  if (!role || !used) {
    role?.lockout.refused();
    throw new Refusal(400, "invalid role or secret ID");
  }
  role.lockout.letIn();
  const token = model.tokens.create({
    policies: withDefault(role.policies),
    ttlSeconds: role.tokenTtlSeconds,
    meta: { ...used.metadata, role_name: role.name },
    path: `auth/${mount}/login`,
    displayName: mount,
  });
  return { auth: grantJson(token, model.clock.now()) };
}

function withDefault(policies: readonly string[]): string[] {
  return [...new Set(["default", ...policies])];
}
