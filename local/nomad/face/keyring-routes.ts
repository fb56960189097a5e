import type { KeyChange, PoolAnswer } from "../../gossip/pool.ts";
import type { RootKey } from "../root-keys.ts";
import { type Call, Refusal, type Reply } from "./call.ts";
import { bodyOf, permissionDenied, readHeaders } from "./replies.ts";

const NANOSECONDS_A_MILLISECOND = 1e6;

export function listGossipKeys(call: Call): Reply {
  assertAgentWrite(call);
  return gossipReply(call.model.gossip.list());
}

/** Their answer names no keys. */
export function changeGossipKeys(what: KeyChange): (call: Call) => Reply {
  return (call) => {
    assertAgentWrite(call);
    const key = String(bodyOf(call).key ?? "");
    return gossipReply(call.model.gossip.change(what, key));
  };
}

export function listRootKeys({ model, token }: Call): Reply {
  if (!model.access.mayReadOperator(token)) throw permissionDenied();
  return {
    value: model.rootKeys.all.map(rootKeyJson),
    headers: readHeaders(model, model.state.index),
  };
}

export function rotateRootKey({ model, token }: Call): Reply {
  if (!model.access.mayWriteOperator(token)) throw permissionDenied();
  const index = ++model.state.index;
  const key = rootKeyJson(model.rootKeys.rotate(index));
  const Key = { ...key, CreateIndex: 0, ModifyIndex: 0 };
  return { value: { Index: index, Key }, headers: { "x-nomad-index": `${index}` } };
}

/** An agent looks at the token itself, and says what it finds. */
function assertAgentWrite({ model, token, secretId }: Call): void {
  if (model.access.mayWriteAgents(token)) return;
  if (!token && model.access.find({ secret: secretId }))
    throw new Refusal(403, "ACL token expired");
  throw permissionDenied();
}

/** Nomad tells neither who refused and why, nor which key is the primary one. */
function gossipReply({ keys, members, error }: PoolAnswer): Reply {
  if (error !== undefined) throw new Refusal(500, error);
  return { value: { Keys: keys, Messages: {}, NumNodes: members } };
}

function rootKeyJson({ id, createdAt, createIndex, modifyIndex, state }: RootKey) {
  return {
    Algorithm: "aes256-gcm",
    CreateIndex: createIndex,
    CreateTime: createdAt.getTime() * NANOSECONDS_A_MILLISECOND,
    KeyID: id,
    ModifyIndex: modifyIndex,
    PublishTime: 0,
    State: state,
  };
}
