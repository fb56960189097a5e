import * as z from "zod";

/** What agents have tokens for (`acl.tokens`), but for those that are no ACL tokens. */
const CONSUL_AGENT_TOKENS = [
  "agent",
  "default",
  "replication",
  "config_file_service_registration",
  "dns",
] as const;

/** Consul agents that run, and are given the token by their own API. */
export const ConsulAgents = z.strictObject({
  /** The Auto Scaling groups of their machines. */
  groups: z.array(z.string().min(1)).min(1),
  /** For what the agents use it, as Consul calls that. */
  kinds: z.array(z.enum(CONSUL_AGENT_TOKENS)).min(1),
  /** Of their API, at their machines' private addresses. @default 8501, or 8500 where consul.address is http */
  port: z.number().int().min(1).max(65_535).optional(),
  /** The name to expect in their certificates. @default consul.tls.serverName */
  serverName: z.string().min(1).optional(),
});
export type ConsulAgents = z.infer<typeof ConsulAgents>;

/** Where an agent's API is, by how the servers' is reached. */
export function agentPort(serverAddress: string, { port }: Pick<ConsulAgents, "port">): number {
  return port ?? (new URL(serverAddress).protocol === "http:" ? 8_500 : 8_501);
}
