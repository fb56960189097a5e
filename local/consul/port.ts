import { createConsul } from "../../lambdas/clients/consul/create-consul.ts";
import { NoAnswer, type Transport } from "../../lambdas/clients/http/exchange.ts";
import type { Consul } from "../../lambdas/domain/ports/consul.ts";
import { answer } from "./face/answer.ts";
import type { ConsulModel } from "./model.ts";

/**
 * The model as the domain's port, in-process: the real client over the model's own answers, without
 * sockets and without the client's retries, which would wait in real time.
 * @param token the secret to use. @default the management token
 */
export function modelConsulPort(model: ConsulModel, token = model.managementToken): Consul {
  return createConsul({
    address: "model:",
    token: async () => token,
    transport: inProcess(model),
    retry: { retries: 0 },
  });
}

function inProcess(model: ConsulModel): Transport {
  return {
    address: "model:",
    async send({ method, path, headers, body }) {
      const token = headers?.["X-Consul-Token"];
      const result = answer(model, { method, url: path, token, body: body ?? "" });
      if (!result) throw new NoAnswer("model: connection refused");
      return result;
    },
    close() {},
  };
}
