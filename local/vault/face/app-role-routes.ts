import * as z from "zod";
import type { AppRole } from "../app-role.ts";
import { seconds } from "../duration.ts";
import type { ModelSecretId } from "../secret-ids.ts";
import { type Call, oneError, Refusal, type Reply, textOf } from "./call.ts";

export function readRoleId(call: Call): Reply {
  const role = roleOf(call);
  if (!role) throw new Refusal(404);
  return { data: { role_id: role.roleId } };
}

export function listSecretIds(call: Call): Reply {
  const role = roleOf(call);
  if (!role) throw noRole(call, 400);
  const keys = role.secretIds.listed().map(({ accessor }) => accessor);
  if (keys.length === 0) throw new Refusal(404);
  return { data: { keys } };
}

const Metadata = z.record(z.string(), z.string());

export function makeSecretId(call: Call): Reply {
  const role = roleOf(call);
  if (!role) throw noRole(call, 404);
  return made(call, role);
}

/** One that the caller has chosen. */
export function makeCustomSecretId(call: Call): Reply {
  const role = roleOf(call);
  if (!role) throw noRole(call, 404);
  const secretId = textOf(call, "secret_id");
  if (secretId === "") throw new Refusal(400, "missing secret_id");
  if (!role.secretIds.bySecret(secretId)) return made(call, role, { secretId });
  throw oneError(500, "failed to store secret_id: SecretID is already registered");
}

function made(call: Call, role: AppRole, chosen: { readonly secretId?: string } = {}): Reply {
  const made = role.secretIds.create({
    ...chosen,
    metadata: metadataOf(call),
    numUses: numUsesOf(call, role),
    ttlSeconds: ttlOf(call, role),
  });
  return {
    data: {
      secret_id: made.secretId,
      secret_id_accessor: made.accessor,
      secret_id_num_uses: made.numUses,
      secret_id_ttl: made.ttlSeconds,
    },
  };
}

/** A 204 for one that is gone, or was never there. */
export function lookUpBySecretId(call: Call): Reply | undefined {
  const role = roleOf(call);
  const secretId = textOf(call, "secret_id");
  if (secretId === "") throw new Refusal(400, "missing secret_id");
  if (!role) throw oneError(500, `role "${call.params[1]}" does not exist`);
  const found = role.secretIds.bySecret(secretId);
  return found && !role.secretIds.hasExpired(found) ? { data: secretIdJson(found) } : undefined;
}

export function lookUpSecretId(call: Call): Reply | undefined {
  const role = roleOf(call);
  if (!role) throw oneError(500, `role "${call.params[1]}" does not exist`);
  const accessor = textOf(call, "secret_id_accessor");
  const found = role.secretIds.find(accessor);
  if (!found) return { status: 404, data: { error: noAccessor(accessor) } };
  return role.secretIds.hasExpired(found) ? undefined : { data: secretIdJson(found) };
}

/** Says nothing when there is none: it may have been used. */
export function destroySecretId(call: Call): undefined {
  const role = roleOf(call);
  const secretId = textOf(call, "secret_id");
  if (secretId === "") throw new Refusal(400, "missing secret_id");
  if (!role) throw oneError(500, `role "${call.params[1]}" does not exist`);
  const found = role.secretIds.bySecret(secretId);
  if (found) role.secretIds.destroy(found.accessor);
}

export function destroyByAccessor(call: Call): undefined {
  const role = roleOf(call);
  if (!role) throw oneError(500, `role "${call.params[1]}" does not exist`);
  const accessor = textOf(call, "secret_id_accessor");
  if (!role.secretIds.find(accessor)) throw oneError(500, noAccessor(accessor));
  role.secretIds.destroy(accessor);
}

function roleOf({ model, params: [mount = "", name = ""] }: Call): AppRole | undefined {
  const roles = model.appRoles.get(mount);
  if (roles) return roles.role(name);
  throw new Refusal(
    404,
    `no handler for route "auth/${mount}/role/${name}". route entry not found.`,
  );
}

function noRole({ params }: Call, status: number): Refusal {
  return new Refusal(status, `role "${params[1]}" does not exist`);
}

function noAccessor(accessor: string): string {
  return `failed to find accessor entry for secret_id_accessor: "${accessor}"`;
}

/** A text with JSON in it, of texts alone. */
function metadataOf(call: Call): Record<string, string> {
  const { metadata = "{}" } = call.body;
  if (typeof metadata !== "string") {
    throw new Refusal(
      400,
      `Field validation failed: error converting input for field "metadata": '' expected type 'string', got unconvertible type 'map[string]interface {}'`,
    );
  }
  const parsed = z.preprocess((text) => JSON.parse(String(text)), Metadata).safeParse(metadata);
  if (parsed.success) return parsed.data;
  throw new Refusal(
    400,
    "failed to parse metadata: failed to parse the input: invalid <key,value> format",
  );
}

function numUsesOf({ body }: Call, { secretIdNumUses: most }: AppRole): number {
  const asked = body.num_uses;
  if (typeof asked !== "number") return most;
  if (most === 0 || (asked > 0 && asked <= most)) return asked;
  throw new Refusal(400, "num_uses cannot be higher than the role's secret_id_num_uses");
}

function ttlOf({ body }: Call, { secretIdTtlSeconds: most }: AppRole): number {
  const asked = seconds(body.ttl);
  if (asked === undefined) return most;
  if (most === 0 || (asked > 0 && asked <= most)) return asked;
  throw new Refusal(400, "ttl cannot be longer than the role's secret_id_ttl");
}

function secretIdJson(secretId: ModelSecretId): unknown {
  return {
    cidr_list: [],
    creation_time: secretId.createdAt.toISOString(),
    expiration_time: secretId.expiresAt?.toISOString() ?? "0001-01-01T00:00:00Z",
    last_updated_time: secretId.createdAt.toISOString(),
    metadata: secretId.metadata,
    secret_id_accessor: secretId.accessor,
    secret_id_num_uses: secretId.usesLeft,
    secret_id_ttl: secretId.ttlSeconds,
    token_bound_cidrs: [],
  };
}
