import { createConsul } from "../../lambdas/clients/consul/create-consul.ts";
import type { Consul } from "../../lambdas/domain/ports/consul.ts";
import { inProcessConsul } from "./in-process.ts";
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
    transport: inProcessConsul(model),
    retry: { retries: 0 },
  });
}
