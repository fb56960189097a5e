import type { SerfStatus } from "../agent.ts";
import { SERVER } from "../gossip.ts";
import { type Call, permissionDenied, Refusal, type Reply } from "./call.ts";

const SERF_STATUS: Record<SerfStatus, number> = { alive: 1, left: 3, failed: 4 };

export function forceLeave({ model, caller, params: [name = ""] }: Call): Reply {
  if (!model.access.mayOperator(caller, "write")) throw permissionDenied();
  if (model.members.forceLeave(name)) return {};
  throw new Refusal(500, `agent: No node found with name '${name}'`);
}

export function members({ model, caller }: Call): Reply {
  const all = [...model.members.agents.values()].flatMap(({ name, address, status }) =>
    status ? [{ Name: name, Addr: address, Port: 8301, Status: SERF_STATUS[status] }] : [],
  );
  return { value: all.filter(({ Name }) => model.access.mayNode(caller, "read", Name)) };
}

export function self({ model, caller }: Call): Reply {
  if (!model.access.mayAgent(caller, "read", SERVER)) throw permissionDenied();
  const Config = {
    Datacenter: model.datacenter,
    NodeName: SERVER,
    NodeID: "00000000-0000-0000-0000-0000000c0501",
    Revision: "",
    Server: true,
    Version: "1.8.7",
  };
  return { value: { Config } };
}

export function leader(): Reply {
  return { value: "127.0.0.1:8300" };
}
