import { createNomad } from "../../lambdas/clients/nomad/create-nomad.ts";
import type { Nomad } from "../../lambdas/domain/ports/nomad.ts";
import { inProcessNomad } from "./in-process.ts";
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
    transport: inProcessNomad(model),
    retry: { retries: 0 },
    now: () => model.state.now().getTime(),
  });
}
