import { NoAnswer, type Transport } from "../../lambdas/clients/http/exchange.ts";
import { createNomad } from "../../lambdas/clients/nomad/create-nomad.ts";
import type { Nomad } from "../../lambdas/domain/ports/nomad.ts";
import { answer } from "./face/answer.ts";
import type { NomadModel } from "./model.ts";

/**
 * The model as the domain's port, in-process: the real client over the model's own answers, without
 * sockets and without the client's retries, which would wait in real time.
 * @param token the secret to use. @default the management token
 */
export function modelNomadPort(model: NomadModel, token = model.managementToken): Nomad {
  return createNomad({
    address: "model:",
    token: async () => token,
    transport: inProcess(model),
    retry: { retries: 0 },
    now: () => model.state.now().getTime(),
  });
}

function inProcess(model: NomadModel): Transport {
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
