import { agentPort, type ConsulAgents } from "../../../contracts/config/consul-agents.ts";
import type { NodeId } from "../../../contracts/ids.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Value } from "../../../domain/rotate/kind.ts";
import type { Answer } from "../../../domain/rotate/record.ts";
import type { Api } from "../../http/api.ts";
import { openApi } from "../../http/api-client.ts";
import type { ApiHttp } from "../../http/api-http.ts";
import type { Transport } from "../../http/exchange.ts";
import { tokenOf } from "../../http/token-field.ts";
import { CONSUL, CONSUL_FOR_OTHERS } from "../consul-api.ts";
import type { ConsulOptions } from "../create-consul.ts";
import { AGENT_TOKEN_PATH, OWN_TOKEN_PATH } from "../status-table.ts";

/** The record of a rotation holds this of every machine, and DynamoDB takes 400 KB of it. */
const OUTPUT_CHARACTERS = 200;
const WAY: Pick<Api, "addressSetting"> = { addressSetting: "agents.port" };

export interface AgentTokensOptions {
  /** As Consul's servers are reached, with a token that may write agents. */
  readonly consul: ConsulOptions;
  /** A machine's private address; undefined when there is none. */
  readonly addressOf: (id: NodeId) => Promise<string | undefined>;
  /** Carries the requests to an agent instead of HTTP connections. */
  readonly transportTo?: (address: string) => Transport;
}

/** The tokens that running agents use. Methods throw a `PortError`, but not for what an agent says. */
export interface AgentTokens {
  /**
   * Gives an agent a token, which it uses at once, and for no longer than it runs or keeps it (by
   * `acl.enable_token_persistence`). An agent takes whatever it is given: so it is first asked for the token by
   * that token, which shows that it reaches servers that know it.
   * @returns `success`, or why it does not have it.
   */
  set(id: NodeId, agents: ConsulAgents, value: Value): Promise<Answer>;
}

export function createAgentTokens(options: AgentTokensOptions): AgentTokens {
  const { consul, addressOf } = options;
  return {
    async set(id, agents, value) {
      const token = tokenOf(value, "consul");
      const host = await addressOf(id);
      if (host === undefined) return { output: "its machine has no private address" };
      const agent = open(options, addressIn(consul.address, host, agents), agents, token);
      try {
        const why = await give(agent, agents.kinds, token);
        return why === undefined ? { result: "success" } : { output: why };
      } catch (error) {
        if (!(error instanceof PortError) || error.system !== CONSUL.system) throw error;
        return { output: error.message.slice(0, OUTPUT_CHARACTERS) };
      } finally {
        agent.close();
      }
    },
  };
}

interface Agent {
  readonly http: ApiHttp;
  readonly asNew: ApiHttp;
  close(): void;
}

/** Whoever can't be reached is asked again soon. */
function open(
  { consul, transportTo }: AgentTokensOptions,
  address: string,
  { serverName }: ConsulAgents,
  token: string,
): Agent {
  // An agent is asked for itself, in whatever datacenter it is.
  const { datacenter: _none, refreshToken, tls, ...rest } = consul;
  const common = {
    ...rest,
    address,
    ...((tls || serverName) && { tls: { ...tls, ...(serverName && { serverName }) } }),
    ...(transportTo && { transport: transportTo(address) }),
    maxSockets: 1,
    retry: { retries: 0 },
  };
  const { http, transport, close } = openApi(
    { ...CONSUL, ...WAY },
    { ...common, ...(refreshToken && { refreshToken }) },
  );
  const others = { ...common, transport, token: async () => token };
  return { http, asNew: openApi({ ...CONSUL_FOR_OTHERS, ...WAY }, others).http, close };
}

async function give(
  { http, asNew }: Agent,
  kinds: ConsulAgents["kinds"],
  token: string,
): Promise<string | undefined> {
  const known = await asNew.send({ method: "GET", path: OWN_TOKEN_PATH });
  if (!known) return "the servers it reaches don't know the token";
  for (const kind of kinds) {
    const path = AGENT_TOKEN_PATH + kind;
    const body = { Token: token };
    await http.send({ method: "PUT", path, body, secrets: [token], repeatable: true });
  }
  return undefined;
}

function addressIn(serverAddress: string, host: string, agents: ConsulAgents): string {
  const { protocol } = new URL(serverAddress);
  return `${protocol}//${host}:${agentPort(serverAddress, agents)}`;
}
