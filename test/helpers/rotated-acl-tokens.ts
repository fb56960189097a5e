import { consulTokenKind } from "../../lambdas/clients/consul/rotate/token-kind.ts";
import { nomadTokenKind } from "../../lambdas/clients/nomad/rotate/token-kind.ts";
import { createVariableMirrors } from "../../lambdas/clients/nomad/rotate/variable.ts";
import type { VirtualClock } from "../../local/clock.ts";
import { inProcessConsul } from "../../local/consul/in-process.ts";
import { ConsulModel } from "../../local/consul/model.ts";
import { modelConsulSession } from "../../local/consul/port.ts";
import type { TokenInput } from "../../local/nomad/access.ts";
import { inProcessNomad } from "../../local/nomad/in-process.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import { modelNomadSession } from "../../local/nomad/port.ts";
import { type AroundCall, directly, wrap } from "./port-calls.ts";
import { type RotatedThing, rotationOf, troublesOf } from "./rotated-thing.ts";

const REFUSED = "it is refused";

export const CONSUL_TROUBLES = {
  away: "away",
  throttled: "throttled",
  leaderless: "no-leader",
} as const;
export const NOMAD_TROUBLES = {
  away: "away",
  throttled: "throttled",
  leaderless: "no-leader",
} as const;

/** Drover's calls to a model, each with something around it. */
export function consulSession(model: ConsulModel, around: AroundCall) {
  return modelConsulSession(model, undefined, wrap(inProcessConsul(model), around));
}

/** Drover's calls to a model, each with something around it. */
export function nomadSession(model: NomadModel, around: AroundCall) {
  return modelNomadSession(model, undefined, wrap(inProcessNomad(model), around));
}

export function consulToken(clock: VirtualClock, around = directly): RotatedThing {
  const model = new ConsulModel(clock);
  const rotation = rotationOf("consul-token", { testPath: "/v1/agent/self" });
  const first = model.createToken({ agentPrefix: { "": "read" }, description: "drover" });
  const session = consulSession(model, around);
  return {
    rotation,
    kind: consulTokenKind({ deployment: "test", session, rotation }),
    first,
    problem: (token) => (model.access.caller(token) === "unknown" ? REFUSED : undefined),
    living: () =>
      model
        .tokens()
        .filter(({ description }) => description.startsWith("drover"))
        .map(({ secretId }) => secretId),
    ...troublesOf(model.faults, CONSUL_TROUBLES),
  };
}

export function nomadToken(clock: VirtualClock, around = directly): RotatedThing {
  return tokenOfNomad(clock, around, { input: { node: "read" }, testPath: "/v1/nodes" });
}

export function managementToken(clock: VirtualClock, around = directly): RotatedThing {
  const input = { type: "management" } as const;
  return tokenOfNomad(clock, around, { input, testPath: "/v1/acl/tokens" });
}

function tokenOfNomad(
  clock: VirtualClock,
  around: AroundCall,
  { input, testPath }: { readonly input: TokenInput; readonly testPath: string },
): RotatedThing {
  const model = new NomadModel(clock);
  const nomadVariable = { path: "nomad/jobs/web", namespace: "web" };
  const rotation = rotationOf("nomad-token", { testPath, nomadVariable });
  const first = model.createToken({ ...input, name: "drover" });
  const copy = () => model.variables.get(nomadVariable.namespace, nomadVariable.path)?.items.token;
  const session = nomadSession(model, around);
  const { type = "client" } = input;
  const isRefused = (token: string) => model.access.token(token)?.type !== type;
  return {
    rotation,
    kind: nomadTokenKind({ deployment: "test", session, rotation, clock }),
    first,
    problem(token) {
      if (isRefused(copy() ?? token)) return "what the job reads is refused";
      return isRefused(token) ? REFUSED : undefined;
    },
    variables: createVariableMirrors(session),
    copy,
    living: () =>
      model.access
        .all()
        .filter(({ name }) => name.startsWith("drover"))
        .map(({ secretId }) => secretId),
    ...troublesOf(model.faults, NOMAD_TROUBLES),
  };
}
