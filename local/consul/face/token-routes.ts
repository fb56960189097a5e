import * as z from "zod";
import type { Named, Token } from "../access.ts";
import type { ConsulModel } from "../model.ts";
import { type Call, permissionDenied, Refusal, type Reply } from "./call.ts";
import { tokenBodyOf, tokenInputOf } from "./token-body.ts";

export function createToken(call: Call): Reply {
  const { model, caller } = call;
  assertEnabled(model);
  const body = tokenBodyOf(call);
  if (!model.access.mayAcl(caller, "write")) throw permissionDenied();
  if (body.AccessorID && !isUuid(body.AccessorID)) {
    throw new Refusal(500, "Invalid Token: AccessorID is not a valid UUID");
  }
  if (model.access.byAccessor(body.AccessorID)) {
    throw new Refusal(500, "Invalid Token: AccessorID is already in use");
  }
  if (body.SecretID && !isUuid(body.SecretID)) {
    throw new Refusal(500, "Invalid Token: SecretID is not a valid UUID");
  }
  if (body.SecretID && typeof model.access.caller(body.SecretID) !== "string") {
    throw new Refusal(500, "Invalid Token: SecretID is already in use");
  }
  const token = model.newToken(tokenInputOf(model, body, model.now()));
  return { value: tokenJson(model, token) };
}

/** 1.8.7 says of a token that is not there what it says to a token that is not. */
export function readToken({ model, caller, params: [accessor = ""] }: Call): Reply {
  assertEnabled(model);
  if (!model.access.mayAcl(caller, "read")) throw permissionDenied();
  if (!isUuid(accessor)) {
    throw new Refusal(500, "failed acl token lookup: index error: UUID must be 36 characters");
  }
  const token = model.access.byAccessor(accessor);
  if (!token) throw new Refusal(403, "ACL not found");
  const hidden = !model.access.mayAcl(caller, "write");
  return {
    value: { ...tokenJson(model, token), ...(hidden && { SecretID: "<hidden>" }) },
    isRead: true,
  };
}

/** 1.8.7 says yes to deleting a token that is not there. */
export function deleteToken({ model, caller, params: [accessor = ""] }: Call): Reply {
  assertEnabled(model);
  if (!model.access.mayAcl(caller, "write")) throw permissionDenied();
  if (!isUuid(accessor)) throw new Refusal(500, "Accessor ID is missing or an invalid UUID");
  if (typeof caller !== "string" && caller.accessorId === accessor) {
    throw new Refusal(500, "Deletion of the request's authorization token is not permitted");
  }
  model.access.delete(accessor);
  return { value: true };
}

/** 1.8.7 does not know who asks for nobody's. */
export function ownToken({ model, caller }: Call): Reply {
  assertEnabled(model);
  if (typeof caller === "string") throw new Refusal(403, "ACL not found");
  return { value: tokenJson(model, caller), isRead: true };
}

/** The list has no secrets. */
export function tokens({ model, caller }: Call): Reply {
  assertEnabled(model);
  if (!model.access.mayAcl(caller, "read")) throw permissionDenied();
  const value = model.tokens().map((token) => {
    const { SecretID: _, ...rest } = tokenJson(model, token);
    return rest;
  });
  return { value, isRead: true };
}

function assertEnabled(model: ConsulModel): void {
  if (!model.access.enabled) throw new Refusal(401, "ACL support disabled");
}

function isUuid(text: string): boolean {
  return z.guid().safeParse(text).success;
}

function tokenJson({ access }: ConsulModel, token: Token) {
  const { policies, roles, serviceIdentities, nodeIdentities, expiresAt } = token;
  const links = (ids: readonly string[], all: ReadonlyMap<string, Named>) =>
    ids.flatMap((id) => {
      const found = all.get(id);
      return found ? [{ ID: found.id, Name: found.name }] : [];
    });
  return {
    AccessorID: token.accessorId,
    SecretID: token.secretId,
    Description: token.description,
    ...(policies.length > 0 && { Policies: links(policies, access.policies) }),
    ...(roles.length > 0 && { Roles: links(roles, access.roles) }),
    ...(serviceIdentities.length > 0 && { ServiceIdentities: serviceIdentities }),
    ...(nodeIdentities.length > 0 && { NodeIdentities: nodeIdentities }),
    Local: token.local,
    ...(expiresAt && { ExpirationTime: expiresAt.toISOString() }),
    CreateTime: token.createdAt.toISOString(),
    CreateIndex: token.index,
    ModifyIndex: token.index,
  };
}
