import { NoAnswer, type Transport } from "../../lambdas/clients/http/exchange.ts";
import { answer } from "./face/answer.ts";
import type { VaultModel } from "./model.ts";

/** Carries requests to the model without sockets. */
export function inProcessVault(model: VaultModel): Transport {
  return {
    address: "model:",
    async send({ method, path, headers = {}, body }) {
      const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      const result = await answer(model, {
        method,
        url: path,
        headers: Object.fromEntries(lower),
        body: body ?? "",
      });
      if (!result) throw new NoAnswer("model: connection refused");
      return result;
    },
    close() {},
  };
}
