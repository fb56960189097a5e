import { type HttpAnswer, NoAnswer, type Transport } from "../../lambdas/clients/http/exchange.ts";
import { answerOfAgent } from "./face/agent-api.ts";
import { answer, type FaceRequest } from "./face/answer.ts";
import type { ConsulModel } from "./model.ts";

/** Carries requests to the model without sockets. */
export function inProcessConsul(model: ConsulModel): Transport {
  return carry("model:", (request) => answer(model, request));
}

/**
 * Carries requests to the agent at an address.
 * @param address such as `http://10.0.0.1:8500`.
 */
export function inProcessConsulAgent(model: ConsulModel, address: string): Transport {
  const { hostname } = new URL(address);
  return carry(address, (request) => {
    const agent = [...model.members.agents.values()].find((each) => each.address === hostname);
    return agent && answerOfAgent(model, agent.name, request);
  });
}

function carry(
  address: string,
  answerTo: (request: FaceRequest) => HttpAnswer | undefined,
): Transport {
  return {
    address,
    async send({ method, path, headers, body }) {
      const token = headers?.["X-Consul-Token"];
      const result = answerTo({ method, url: path, token, body: body ?? "" });
      if (!result) throw new NoAnswer(`${address}: connection refused`);
      return result;
    },
    close() {},
  };
}
