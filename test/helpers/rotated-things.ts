import type { AgentTokens } from "../../lambdas/clients/consul/rotate/agent-tokens.ts";
import { consulGossipKey } from "../../lambdas/clients/consul/rotate/gossip-key.ts";
import { consulTokenKind } from "../../lambdas/clients/consul/rotate/token-kind.ts";
import { nomadGossipKey } from "../../lambdas/clients/nomad/rotate/gossip-key.ts";
import { nomadTokenKind } from "../../lambdas/clients/nomad/rotate/token-kind.ts";
import {
  createVariableMirrors,
  type VariableMirrors,
} from "../../lambdas/clients/nomad/rotate/variable.ts";
import { Rotate, type Rotation, type RotationKind } from "../../lambdas/contracts/config/rotate.ts";
import type { Kind } from "../../lambdas/domain/rotate/kind.ts";
import type { VirtualClock } from "../../local/clock.ts";
import { ConsulModel } from "../../local/consul/model.ts";
import { modelConsulSession } from "../../local/consul/port.ts";
import type { PoolAnswer } from "../../local/gossip/pool.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import { modelNomadSession } from "../../local/nomad/port.ts";
import { PARENT_MOUNT } from "../../local/vault/rotation-setup.ts";
import { rotatedCa } from "./rotated-ca.ts";
import { rotatedCertificate } from "./rotated-certificate.ts";

const FIRST_KEY = Buffer.alloc(32, "first").toString("base64");
const AGENTS = ["agent-1", "agent-2"];
const REFUSED = "it is refused";
const SETTINGS = {
  name: "rotated",
  secret: "rotated",
  startedBy: "schedule",
  everySeconds: 86_400,
  verifySeconds: 120,
  graceSeconds: 60,
};

/** Something that is rotated, on a model of its server. */
export interface RotatedThing {
  readonly rotation: Rotation;
  readonly kind: Kind;
  /** What the secret holds at first. */
  readonly first: string;
  /** What its user goes by of what the secret holds. @default the credential itself */
  read?(secret: string): string;
  /** What goes wrong for whoever uses a value now. */
  problem(value: string): string | undefined | Promise<string | undefined>;
  /** Nomad's variables, where a copy of it is in one. */
  readonly variables?: VariableMirrors;
  /** The tokens of Consul's agents, where some are given it. */
  readonly agentTokens?: AgentTokens;
  /** What the copy holds. */
  copy?(): string | undefined;
  /** All that live of those that are rotated. */
  living(): readonly string[] | Promise<readonly string[]>;
  /** All attempts to reach the server fail, or no more. */
  fail(fault: "away" | "throttled" | undefined): void;
  /** The next request is carried out, but its answer never arrives. */
  loseAnswer(): void;
}

export const ROTATED_THINGS = {
  "consul-token": consulToken,
  "nomad-token": nomadToken,
  "consul-gossip-key": consulGossip,
  "nomad-gossip-key": nomadGossip,
  "vault-certificate": (clock: VirtualClock) => rotatedCertificate(clock, SETTINGS),
  "vault-ca": (clock: VirtualClock) => rotatedCa(clock, SETTINGS),
  "vault-ca that another one signs": (clock: VirtualClock) =>
    rotatedCa(clock, { ...SETTINGS, parent: { mount: PARENT_MOUNT } }),
} as const satisfies Readonly<Record<string, (clock: VirtualClock) => RotatedThing>>;

function consulToken(clock: VirtualClock): RotatedThing {
  const model = new ConsulModel(clock);
  const rotation = rotationOf("consul-token", { testPath: "/v1/agent/self" });
  const first = model.createToken({ agentPrefix: { "": "read" }, description: "drover" });
  return {
    rotation,
    kind: consulTokenKind({ deployment: "test", session: modelConsulSession(model), rotation }),
    first,
    problem: (token) => (model.access.caller(token) === "unknown" ? REFUSED : undefined),
    living: () =>
      model
        .tokens()
        .filter(({ description }) => description.startsWith("drover"))
        .map(({ secretId }) => secretId),
    ...faultsOf(model.faults),
  };
}

function nomadToken(clock: VirtualClock): RotatedThing {
  const model = new NomadModel(clock);
  const nomadVariable = { path: "nomad/jobs/web", namespace: "web" };
  const rotation = rotationOf("nomad-token", { testPath: "/v1/nodes", nomadVariable });
  const first = model.createToken({ node: "read", name: "drover" });
  const session = modelNomadSession(model);
  const copy = () => model.variables.get(nomadVariable.namespace, nomadVariable.path)?.items.token;
  const isRefused = (token: string) => model.access.token(token) === undefined;
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
    ...faultsOf(model.faults),
  };
}

function consulGossip(clock: VirtualClock): RotatedThing {
  const model = new ConsulModel(clock, { gossipKey: FIRST_KEY });
  for (const name of AGENTS) model.startAgent({ name });
  const kind = consulGossipKey(modelConsulSession(model), clock);
  const rotation = rotationOf("consul-gossip-key");
  return { rotation, kind, ...gossip(() => model.gossip.list()), ...faultsOf(model.faults) };
}

function nomadGossip(clock: VirtualClock): RotatedThing {
  const model = new NomadModel(clock, { servers: 3, gossipKey: FIRST_KEY });
  const kind = nomadGossipKey(modelNomadSession(model), clock);
  const rotation = rotationOf("nomad-gossip-key");
  return { rotation, kind, ...gossip(() => [model.gossip.list()]), ...faultsOf(model.faults) };
}

/** No member may encrypt with what another one can't decrypt, whatever a secret holds. */
function gossip(pools: () => readonly PoolAnswer[]) {
  return {
    first: FIRST_KEY,
    problem(): string | undefined {
      const cutOff = pools().flatMap(({ keys, primaries, members }) =>
        Object.keys(primaries).filter((key) => keys[key] !== members),
      );
      return cutOff.length > 0 ? "some members can't decrypt what others say" : undefined;
    },
    living: () => [...new Set(pools().flatMap(({ keys }) => Object.keys(keys)))],
  };
}

export function rotationOf<Of extends RotationKind>(
  kind: Of,
  settings: Readonly<Record<string, unknown>> = {},
): Extract<Rotation, { kind: Of }> {
  const [rotation] = Rotate.parse({ of: [{ ...SETTINGS, kind, ...settings }] }).of;
  return rotation as Extract<Rotation, { kind: Of }>;
}

interface Faults {
  set(fault: "away" | "throttled"): void;
  next(fault: "answer-lost"): void;
  clear(): void;
}

export function faultsOf(faults: Faults): Pick<RotatedThing, "fail" | "loseAnswer"> {
  return {
    fail: (fault) => (fault ? faults.set(fault) : faults.clear()),
    loseAnswer: () => faults.next("answer-lost"),
  };
}
