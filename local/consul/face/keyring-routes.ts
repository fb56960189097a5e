import * as z from "zod";
import type { KeyChange } from "../../gossip/pool.ts";
import type { AskedPool } from "../gossip.ts";
import { bodyOf } from "./body.ts";
import { type Call, Refusal, type Reply } from "./call.ts";

const Body = z.object({ Key: z.string().default("") });

/** 1.8.7 says of a lack of permission that it is an error of its own. */
export function listKeyring({ model, caller }: Call): Reply {
  if (!model.access.mayKeyring(caller, "read")) {
    throw new Refusal(500, "Reading keyring denied by ACLs");
  }
  const pools = model.gossip.list();
  assertAllDid(pools, model.datacenter);
  const value = pools.map(({ isWan, keys, primaries, members }) => ({
    WAN: isWan,
    Datacenter: model.datacenter,
    Segment: "",
    Keys: keys,
    PrimaryKeys: primaries,
    NumNodes: members,
  }));
  return { value };
}

export function changeKeyring(what: KeyChange): (call: Call) => Reply {
  return (call) => {
    const { model, caller } = call;
    const { Key } = bodyOf(call, Body);
    if (!model.access.mayKeyring(caller, "write")) {
      throw new Refusal(500, "Modifying keyring denied due to ACLs");
    }
    assertAllDid(model.gossip.change(what, Key), model.datacenter);
    return {};
  };
}

/** One that failed in one pool is done in the others all the same. */
function assertAllDid(pools: readonly AskedPool[], datacenter: string): void {
  const errors = pools.flatMap(({ isWan, error, messages }) => {
    if (error === undefined) return [];
    const pool = isWan ? "WAN" : `${datacenter} (LAN)`;
    const each = Object.entries(messages).map(([name, why]) => `${name}: ${why}`);
    return [`${pool} error: ${error}`, ...each];
  });
  if (errors.length === 0) return;
  const lines = errors.map((error) => `\t* ${error}\n`).join("");
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  throw new Refusal(500, `${count} occurred:\n${lines}\n`);
}
