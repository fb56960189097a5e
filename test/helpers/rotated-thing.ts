import type { AgentTokens } from "../../lambdas/clients/consul/rotate/agent-tokens.ts";
import type { VariableMirrors } from "../../lambdas/clients/nomad/rotate/variable.ts";
import { Rotate, type Rotation, type RotationKind } from "../../lambdas/contracts/config/rotate.ts";
import type { Kind } from "../../lambdas/domain/rotate/kind.ts";

const SETTINGS = {
  name: "rotated",
  secret: "rotated",
  startedBy: "schedule",
  everySeconds: 86_400,
  verifySeconds: 120,
  graceSeconds: 60,
};

/** What can befall the server of something that is rotated. */
export type Trouble = "away" | "throttled" | "leaderless" | "sealed";

/** Something that is rotated, on a model of its server. */
export interface RotatedThing {
  readonly rotation: Rotation;
  readonly kind: Kind;
  /** What the secret holds at first; an empty text: it has no version. */
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
  /** All that live of those that are rotated, and all that a test of one has left behind. */
  living(): readonly string[] | Promise<readonly string[]>;
  /** Who uses it, beside those who read the secret: they renew it. */
  renew?(value: string): void;
  /** What can befall its server. */
  readonly troubles: readonly Trouble[];
  /** All attempts to reach the server fail, or no more. */
  fail(trouble: Trouble | undefined): void;
  /** The next request is carried out, but its answer never arrives. */
  loseAnswer(): void;
}

export function rotationOf<Of extends RotationKind>(
  kind: Of,
  settings: Readonly<Record<string, unknown>> = {},
): Extract<Rotation, { kind: Of }> {
  const [rotation] = Rotate.parse({ of: [{ ...SETTINGS, kind, ...settings }] }).of;
  return rotation as Extract<Rotation, { kind: Of }>;
}

interface Faults<Fault> {
  set(fault: Fault): void;
  next(fault: "answer-lost"): void;
  clear(): void;
}

/** @param faults how the model calls each trouble. */
export function troublesOf<Fault>(
  faults: Faults<Fault>,
  names: Partial<Readonly<Record<Trouble, Fault>>>,
): Pick<RotatedThing, "troubles" | "fail" | "loseAnswer"> {
  return {
    troubles: Object.keys(names) as Trouble[],
    fail(trouble) {
      const fault = trouble && names[trouble];
      if (fault === undefined) faults.clear();
      else faults.set(fault);
    },
    loseAnswer: () => faults.next("answer-lost"),
  };
}
