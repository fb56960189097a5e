import * as z from "zod";
import type { NodeIdentity, Token } from "../access.ts";
import type { ConsulModel } from "../model.ts";
import { bodyOf } from "./body.ts";
import { type Call, permissionDenied, Refusal, type Reply } from "./call.ts";

/** What Consul allows of a node's name in an identity. */
const NODE_NAME = /^[a-z0-9]([a-z0-9\-_]*[a-z0-9])?$/;

const TokenBody = z.object({
  AccessorID: z.string().default(""),
  SecretID: z.string().default(""),
  Description: z.string().default(""),
  NodeIdentities: z
    .array(z.object({ NodeName: z.string().default(""), Datacenter: z.string().default("") }))
    .nullish(),
});

export function createToken(call: Call): Reply {
  const { model, caller } = call;
  assertEnabled(model);
  const body = bodyOf(call, TokenBody, "Token decoding");
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
  const nodeIdentities = body.NodeIdentities ?? [];
  nodeIdentities.forEach(assertIdentity);
  const token = model.newToken({
    ...(body.AccessorID && { accessorId: body.AccessorID }),
    ...(body.SecretID && { secretId: body.SecretID }),
    description: body.Description,
    nodeIdentities,
  });
  return { value: tokenJson(token) };
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
  return { value: { ...tokenJson(token), ...(hidden && { SecretID: "<hidden>" }) }, isRead: true };
}

/** 1.8.7 says yes to deleting a token that is not there. */
export function deleteToken({ model, caller, params: [accessor = ""] }: Call): Reply {
  assertEnabled(model);
  if (!model.access.mayAcl(caller, "write")) throw permissionDenied();
  if (!isUuid(accessor)) throw new Refusal(500, "Accessor ID is missing or an invalid UUID");
  model.access.delete(accessor);
  return { value: true };
}

export function ownToken({ model, caller }: Call): Reply {
  assertEnabled(model);
  if (caller === "unknown") throw new Refusal(403, "ACL not found");
  if (caller !== "anonymous") return { value: tokenJson(caller), isRead: true };
  const value = {
    AccessorID: "00000000-0000-0000-0000-000000000002",
    SecretID: "anonymous",
    Description: "Anonymous Token",
    Local: false,
  };
  return { value, isRead: true };
}

/** The list has no secrets. */
export function tokens({ model, caller }: Call): Reply {
  assertEnabled(model);
  if (!model.access.mayAcl(caller, "read")) throw permissionDenied();
  const value = model.tokens().map((token) => {
    const { SecretID: _, ...rest } = tokenJson(token);
    return rest;
  });
  return { value, isRead: true };
}

function assertEnabled(model: ConsulModel): void {
  if (!model.access.enabled) throw new Refusal(401, "ACL support disabled");
}

function assertIdentity({ NodeName, Datacenter }: NodeIdentity): void {
  if (!NodeName)
    throw new Refusal(500, "Node identity is missing the node name field on this token");
  if (!Datacenter) {
    throw new Refusal(500, "Node identity is missing the datacenter field on this token");
  }
  if (!NODE_NAME.test(NodeName)) {
    throw new Refusal(
      500,
      "Node identity has an invalid name. Only alphanumeric characters, '-' and '_' are allowed",
    );
  }
}

function isUuid(text: string): boolean {
  return z.guid().safeParse(text).success;
}

function tokenJson(token: Token) {
  return {
    AccessorID: token.accessorId,
    SecretID: token.secretId,
    Description: token.description,
    ...(token.nodeIdentities.length > 0 && { NodeIdentities: token.nodeIdentities }),
    Local: false,
    CreateTime: token.createdAt.toISOString(),
    CreateIndex: token.index,
    ModifyIndex: token.index,
  };
}
