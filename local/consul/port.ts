import {
  type ConsulSession,
  createConsulSession,
} from "../../lambdas/clients/consul/consul-session.ts";
import { type ConsulOptions, createConsul } from "../../lambdas/clients/consul/create-consul.ts";
import { createConsulSurvey } from "../../lambdas/clients/consul/create-consul-survey.ts";
import {
  type AgentTokens,
  type AgentTokensOptions,
  createAgentTokens,
} from "../../lambdas/clients/consul/rotate/agent-tokens.ts";
import type { Transport } from "../../lambdas/clients/http/exchange.ts";
import type { Consul } from "../../lambdas/domain/ports/consul.ts";
import type { ConsulSurvey } from "../../lambdas/domain/sweep/ports.ts";
import { inProcessConsul, inProcessConsulAgent } from "./in-process.ts";
import type { ConsulModel } from "./model.ts";

/**
 * The model as the domain's port, in-process: the real client over the model's own answers, without
 * sockets and without the client's retries, which would wait in real time.
 * @param token the secret to use. @default the management token
 */
export function modelConsulPort(model: ConsulModel, token = model.managementToken): Consul {
  return createConsul(optionsFor(model, token));
}

/** The model as the sweep looks at it, in the same way. */
export function modelConsulSurvey(model: ConsulModel, token = model.managementToken): ConsulSurvey {
  return createConsulSurvey(optionsFor(model, token));
}

/** Drover's calls to it, in the same way. */
export function modelConsulSession(
  model: ConsulModel,
  token = model.managementToken,
  transport?: Transport,
): ConsulSession {
  return createConsulSession(optionsFor(model, token, transport));
}

/** The tokens of its agents, set through each one's own API. */
export function modelAgentTokens(
  model: ConsulModel,
  addressOf: AgentTokensOptions["addressOf"],
  token = model.managementToken,
): AgentTokens {
  // Its agents are reached as its servers are.
  const consul = { ...optionsFor(model, token), address: "http://model:8500" };
  const transportTo = (address: string) => inProcessConsulAgent(model, address);
  return createAgentTokens({ consul, addressOf, transportTo });
}

function optionsFor(
  model: ConsulModel,
  token: string,
  transport: Transport = inProcessConsul(model),
): ConsulOptions {
  return {
    address: "model:",
    token: async () => token,
    transport,
    retry: { retries: 0 },
    now: () => model.now().getTime(),
  };
}
