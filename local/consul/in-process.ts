import { NoAnswer, type Transport } from "../../lambdas/clients/http/exchange.ts";
import { answer } from "./face/answer.ts";
import type { ConsulModel } from "./model.ts";

/** Carries requests to the model without sockets. */
export function inProcessConsul(model: ConsulModel): Transport {
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
