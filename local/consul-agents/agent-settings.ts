import type { AgentPorts } from "./agent-process.ts";
import { freePorts } from "./free-ports.ts";

/** ACLs that deny by default; the token is what docs/join.md has an instance's agent use. */
export function agentAcl(token?: string) {
  const tokens = { agent: token, default: token };
  return { enabled: true, default_policy: "deny", ...(token && { tokens }) };
}

export async function agentPorts(): Promise<AgentPorts> {
  const [http = 0, serf = 0, server = 0] = await freePorts(3);
  return { http, serf, server };
}
