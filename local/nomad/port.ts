import type { Transport } from "../../lambdas/clients/http/exchange.ts";
import { createNomad, type NomadOptions } from "../../lambdas/clients/nomad/create-nomad.ts";
import { createNomadSurvey } from "../../lambdas/clients/nomad/create-nomad-survey.ts";
import {
  createNomadSession,
  type NomadSession,
} from "../../lambdas/clients/nomad/nomad-session.ts";
import type { Nomad } from "../../lambdas/domain/ports/nomad.ts";
import type { NomadSurvey } from "../../lambdas/domain/sweep/ports.ts";
import { inProcessNomad } from "./in-process.ts";
import type { NomadModel } from "./model.ts";

/**
 * The model as the domain's port, in-process: the real client over the model's own answers, without
 * sockets and without the client's retries, which would wait in real time.
 * @param token the secret to use. @default the management token
 */
export function modelNomadPort(model: NomadModel, token = model.managementToken): Nomad {
  return createNomad(optionsFor(model, token));
}

/** The model as the sweep looks at it, in the same way. */
export function modelNomadSurvey(model: NomadModel, token = model.managementToken): NomadSurvey {
  return createNomadSurvey(optionsFor(model, token));
}

/** Drover's calls to it, in the same way. */
export function modelNomadSession(
  model: NomadModel,
  token = model.managementToken,
  transport?: Transport,
): NomadSession {
  return createNomadSession(optionsFor(model, token, transport));
}

function optionsFor(
  model: NomadModel,
  token: string,
  transport: Transport = inProcessNomad(model),
): NomadOptions {
  return {
    address: "model:",
    token: async () => token,
    transport,
    retry: { retries: 0 },
    now: () => model.state.now().getTime(),
  };
}
