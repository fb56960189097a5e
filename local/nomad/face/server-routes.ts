import type { ModelServer } from "../server.ts";
import { type Call, Refusal, type Reply } from "./call.ts";
import { permissionDenied } from "./replies.ts";

export function leader({ model }: Call): Reply {
  return { value: model.servers.leader?.address ?? "" };
}

export function agentHealth({ model }: Call): Reply {
  if (model.state.leadership.isLed) return { value: { server: { message: "ok", ok: true } } };
  throw new Refusal(500, JSON.stringify({ server: { message: "No cluster leader", ok: false } }));
}

/** 429 as soon as a server is unhealthy. */
export function autopilotHealth({ model, token }: Call): Reply {
  if (!model.access.mayReadOperator(token)) throw permissionDenied();
  const { all, leader } = model.servers;
  const voters = all.filter(({ voter }) => voter);
  const healthyVoters = voters.filter(({ healthy }) => healthy).length;
  const quorum = Math.floor(voters.length / 2) + 1;
  const isHealthy = all.every(({ healthy }) => healthy);
  const value = {
    FailureTolerance: Math.max(0, healthyVoters - quorum),
    Healthy: isHealthy,
    Leader: leader?.id ?? "",
    Servers: all.map((server) => serverJson(server, server === leader, model.servers.term)),
    Voters: voters.map(({ id }) => id),
  };
  return isHealthy ? { value } : { value, status: 429, headers: UNHEALTHY_HEADERS };
}

/** Nomad sends the status before it sets the type of the body. */
const UNHEALTHY_HEADERS = { "content-type": "text/plain; charset=utf-8" };

function serverJson(server: ModelServer, leads: boolean, term: number): object {
  return {
    Address: server.address,
    Healthy: server.healthy,
    ID: server.id,
    LastContact: leads ? "0s" : "20.937565ms",
    LastIndex: 8,
    LastTerm: term,
    Leader: leads,
    Name: server.name,
    SerfStatus: server.serfStatus,
    StableSince: server.stableSince.toISOString().replace(/\.\d+Z$/, "Z"),
    Version: "2.0.6-dev",
    Voter: server.voter,
  };
}
