import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { Transport } from "../../lambdas/clients/http/exchange.ts";
import { ConfigError } from "../../lambdas/contracts/config.ts";
import { ClientAgents } from "../consul-agents/client-agents.ts";
import type { MachineConsul } from "../machines/world.ts";

const Self = z.object({
  Config: z.object({ Datacenter: z.string() }),
  Member: z.object({ Addr: z.string(), Port: z.number() }),
});

export interface RealAgents {
  readonly machines: MachineConsul;
  /** Kills the agents and removes their data. */
  close(): Promise<void>;
}

/**
 * Has each machine run a Consul agent of its own, a process on this one, which joins where the server
 * is a member. The server must reach 127.0.0.1, where they listen.
 * @throws {ConfigError} when the server does not tell where that is.
 */
export async function startRealAgents(
  bin: string,
  transport: Transport,
  token: string | undefined,
): Promise<RealAgents> {
  const { Config, Member } = await self(transport, token);
  const folder = await mkdtemp(join(tmpdir(), "drover-agents-"));
  const serfAddress = `${Member.Addr}:${Member.Port}`;
  const agents = new ClientAgents({ bin, folder, serfAddress, datacenter: Config.Datacenter });
  return {
    machines: {
      start: ({ name, meta, token }) => agents.start({ name, meta, ...(token && { token }) }),
      stop: (name) => agents.kill(name),
      resume: (name) => agents.resume(name),
      setCheck: (name, check) => agents.setCheck(name, check),
    },
    async close() {
      await agents.killAll();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

async function self(
  transport: Transport,
  token: string | undefined,
): Promise<z.infer<typeof Self>> {
  const { status, body } = await transport.send({
    method: "GET",
    path: "/v1/agent/self",
    headers: token ? { "X-Consul-Token": token } : {},
  });
  if (status === 200) return Self.parse(JSON.parse(body));
  throw new ConfigError(
    `${transport.address}/v1/agent/self answered ${status} ${body.trim()}: the agents of CONSUL_BIN ` +
      "have to know where to join",
  );
}
