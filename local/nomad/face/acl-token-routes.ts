import * as z from "zod";
import { endOf, type Token } from "../access.ts";
import type { NomadModel } from "../model.ts";
import { tokenBodyOf, tokenInputOf } from "./acl-token-body.ts";
import { type Call, Refusal, type Reply } from "./call.ts";
import { goDuration } from "./duration.ts";
import { permissionDenied, readHeaders } from "./replies.ts";

const ANONYMOUS = {
  ExpirationTTL: "",
  AccessorID: "anonymous",
  SecretID: "",
  Name: "Anonymous Token",
  Type: "client",
  Policies: ["anonymous"],
  Roles: null,
  Global: false,
  Hash: null,
  CreateTime: "0001-01-01T00:00:00Z",
  ExpirationTime: null,
  CreateIndex: 0,
  ModifyIndex: 0,
};

/** Nobody in particular is somebody, too. What is no UUID is taken for the JWT of a workload. */
export function ownToken({ model, token, secretId }: Call): Reply {
  const headers = readHeaders(model, model.state.index);
  if (!secretId) return { value: ANONYMOUS, headers };
  if (token) return { value: tokenJson(model, token), headers };
  if (!isUuid(secretId)) {
    throw new Refusal(
      500,
      "failed to parse signed token: go-jose/go-jose: compact JWS format must have three parts",
    );
  }
  if (model.access.find({ secret: secretId })) throw new Refusal(500, "ACL token expired");
  throw permissionDenied();
}

/** Only to those who manage is said that a token is not there. */
export function readToken({ model, token, params: [accessor = ""] }: Call): Reply {
  const mayManage = model.access.mayManage(token);
  if (!token && !mayManage) throw permissionDenied();
  if (accessor.length !== 36) {
    throw new Refusal(500, "acl token lookup failed: index error: UUID must be 36 characters");
  }
  const found = model.access.find({ accessor });
  if (!mayManage && found?.secretId !== token?.secretId) throw permissionDenied();
  if (!found) throw new Refusal(404, "ACL token not found");
  return { value: tokenJson(model, found), headers: readHeaders(model, found.index) };
}

/** The list has no secrets, and of roles the ids alone. */
export function tokens({ model, token }: Call): Reply {
  if (!model.access.mayManage(token)) throw permissionDenied();
  const value = model.access.all().map((each) => {
    const { SecretID: _, ExpirationTTL: _ttl, Roles, ...rest } = tokenJson(model, each);
    return { ...rest, Roles: Roles?.map(({ ID }) => ({ ID, Name: "" })) ?? null };
  });
  return { value, headers: readHeaders(model, model.state.index) };
}

export function createToken(call: Call): Reply {
  const { model, token } = call;
  const body = tokenBodyOf(call);
  if (!model.access.mayManage(token)) throw permissionDenied();
  const made = model.newToken(tokenInputOf(model, body));
  return { value: tokenJson(model, made), headers: { "x-nomad-index": `${made.index}` } };
}

export function deleteToken({ model, token, params: [accessor = ""] }: Call): Reply {
  if (!model.access.mayManage(token)) throw permissionDenied();
  if (accessor.length !== 36) {
    throw new Refusal(
      400,
      "token lookup failed: acl token lookup failed: index error: UUID must be 36 characters",
    );
  }
  const found = model.access.find({ accessor });
  if (!found) throw new Refusal(400, `Cannot delete nonexistent tokens: ${accessor}`);
  model.access.revoke(found.secretId);
  return { value: undefined, headers: { "x-nomad-index": `${++model.state.index}` } };
}

function isUuid(text: string): boolean {
  return z.guid().safeParse(text).success;
}

function tokenJson({ access }: NomadModel, token: Token) {
  const { policies, roles, ttlSeconds, index } = token;
  return {
    ExpirationTTL: ttlSeconds === undefined ? "" : goDuration(ttlSeconds),
    AccessorID: token.accessorId,
    SecretID: token.secretId,
    Name: token.name,
    Type: token.type,
    Policies: policies.length > 0 ? policies : null,
    Roles:
      roles.length > 0 ? roles.map((ID) => ({ ID, Name: access.roles.get(ID)?.name ?? "" })) : null,
    Global: token.global,
    CreateTime: token.createdAt.toISOString(),
    ExpirationTime: endOf(token)?.toISOString() ?? null,
    CreateIndex: index,
    ModifyIndex: index,
  };
}
