import { NoAnswer, type Transport } from "../../lambdas/clients/http/exchange.ts";
import { answer } from "./face/answer.ts";
import type { NomadModel } from "./model.ts";

/** Carries requests to the model without sockets. */
export function inProcessNomad(model: NomadModel): Transport {
  return {
    address: "model:",
    async send({ method, path, headers, body }) {
      const token = headers?.["X-Nomad-Token"];
      const result = answer(model, { method, url: path, token, body: body ?? "" });
      if (!result) throw new NoAnswer("model: connection refused");
      return result;
    },
    close() {},
  };
}
