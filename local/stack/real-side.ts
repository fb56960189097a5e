import { createConsul } from "../../lambdas/clients/consul/create-consul.ts";
import { NoAnswer, type Transport } from "../../lambdas/clients/http/exchange.ts";
import { createNodeTransport } from "../../lambdas/clients/http/node-transport.ts";
import type { AppRoleCredentials } from "../../lambdas/clients/vault/app-role-login.ts";
import type { NodeId } from "../../lambdas/contracts/ids.ts";
import { PortError } from "../../lambdas/domain/ports/errors.ts";
import type { ModelClock } from "../clock.ts";
import type { LocalConfig } from "../local-config.ts";
import { consulOverHttp } from "../machines/consul-over-http.ts";
import { vaultOverHttp } from "../machines/vault-over-http.ts";
import type { ModelClusterSettings } from "../model-cluster.ts";
import { startRealAgents } from "../real-servers/consul-agents.ts";
import type { RealServer } from "../real-servers/real-server.ts";
import type { RealServers } from "../real-servers/real-servers.ts";
import type { VaultOperator } from "../vault/operator.ts";
import { setUpRotationOverHttp } from "../vault/rotation-setup.ts";
import { setUpOverHttp } from "../vault/set-up-over-http.ts";

/** What was set up on a Vault. */
export interface VaultSide {
  /** What Drover logs in with. */
  readonly credentials: AppRoleCredentials;
  /** What rotate-tokens logs in with, if anything is rotated. */
  readonly rotation: AppRoleCredentials | undefined;
  readonly operator: VaultOperator;
}

/** What the machines use of real servers, and what was set up on them. */
export interface RealSide {
  readonly cluster: Pick<ModelClusterSettings, "servers" | "consulToken">;
  readonly vault: VaultSide | undefined;
  /** Ends what was started for the machines. */
  close(): Promise<void>;
}

/**
 * Connects the machines to the servers that are real.
 * @throws {OperatorError} when Vault refuses to be set up.
 */
export async function connectRealSide(
  real: RealServers,
  { rotate }: Pick<LocalConfig, "rotate">,
  clock: ModelClock,
): Promise<RealSide> {
  const consul = real.consul && (await connectConsul(real.consul, clock));
  const vault = real.vault && (await connectVault(real.vault, rotate));
  return {
    cluster: {
      servers: {
        ...(real.nomad && { nomad: undefined }),
        ...(consul && { consul: consul.machines }),
        ...(vault && { vault: vault.machines }),
      },
      ...(consul && { consulToken: consul.token }),
    },
    vault: vault?.side,
    async close() {
      await consul?.close();
      vault?.close();
    },
  };
}

async function connectConsul(server: NonNullable<RealServers["consul"]>, clock: ModelClock) {
  const { address, token, agentBinary } = server;
  const transport = connect(server);
  const consul = createConsul({ address, token: async () => token, transport });
  const agents = agentBinary ? await startRealAgents(agentBinary, transport, token) : undefined;
  return {
    machines: agents?.machines ?? consulOverHttp(transport, clock),
    // A Consul without ACLs makes no tokens.
    token: async (id: NodeId) => (token ? tryAgain(consul.issueNodeToken(id, id)) : ""),
    async close() {
      await agents?.close();
      transport.close();
    },
  };
}

/** A machine tries again what nobody answers, and says so on its console. */
async function tryAgain<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof PortError) throw new NoAnswer(cause.message, { cause });
    throw cause;
  }
}

async function connectVault(
  server: NonNullable<RealServers["vault"]>,
  rotate: LocalConfig["rotate"],
) {
  const { token, namespace } = server;
  const transport = connect(server);
  const operator = { transport, token, namespace };
  const credentials = await setUpOverHttp(operator);
  const rotation = rotate && (await setUpRotationOverHttp(operator));
  return {
    side: { credentials, rotation, operator },
    machines: vaultOverHttp(namespace ? within(namespace, transport) : transport),
    close: () => transport.close(),
  };
}

function connect({ address, tls }: RealServer): Transport {
  return createNodeTransport({
    address,
    ...(tls && { tls }),
    requestTimeoutSeconds: 5,
    maxSockets: 10,
  });
}

function within(namespace: string, transport: Transport): Transport {
  return {
    ...transport,
    send: ({ headers, ...request }, timeout) =>
      transport.send(
        { ...request, headers: { ...headers, "X-Vault-Namespace": namespace } },
        timeout,
      ),
  };
}
