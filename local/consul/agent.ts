import type { Cancel } from "../clock.ts";
import type { KeyRing } from "../gossip/key-ring.ts";
import type { ModelCheck, ModelService } from "./entry.ts";

/** An agent as it is started on a machine. */
export interface AgentInput {
  /** Its node name. */
  readonly name: string;
  /** @default an address of 10.0.0.0/8 made from its id */
  readonly address?: string;
  /** The `node_meta` of its configuration. */
  readonly meta?: Readonly<Record<string, string>>;
  /** The secret of its agent token; without one it acts as anybody. */
  readonly token?: string;
  /** Whether tokens it is given outlive its process. @default false */
  readonly keepsTokens?: boolean;
  /** @default that of the servers; an agent of another one does not join */
  readonly datacenter?: string;
  /** @default made up: it is kept in the data directory */
  readonly id?: string;
  readonly services?: readonly ModelService[];
  /** The `encrypt` of its configuration. @default the key that is used now */
  readonly gossipKey?: string;
}

/** What an agent of 1.8.7 has tokens for; newer ones have more. */
export const AGENT_TOKEN_KINDS = ["agent", "default", "replication"] as const;
export type AgentTokenKind = (typeof AGENT_TOKEN_KINDS)[number];

/** How the members see an agent. */
export type SerfStatus = "alive" | "failed" | "left";

export interface ModelAgent {
  readonly name: string;
  readonly id: string;
  readonly address: string;
  readonly meta: Readonly<Record<string, string>>;
  /** The secret of the agent token in its configuration. */
  readonly token: string | undefined;
  readonly keepsTokens: boolean;
  /** What it was given since, by what for. */
  readonly given: Map<AgentTokenKind, string>;
  /** Undefined: it does not encrypt its gossip. */
  readonly ring: KeyRing | undefined;
  readonly services: readonly ModelService[];
  /** Its own checks. */
  readonly checks: Map<string, ModelCheck>;
  /** Whether the process runs and can be reached. */
  running: boolean;
  /** Whether somebody said of it, when it was silent already, that it left. */
  leaving: boolean;
  /** Undefined before it has joined. */
  status: SerfStatus | undefined;
  /** What is to happen to it next. */
  readonly timers: { joined?: Cancel; failed?: Cancel; synced?: Cancel; reaped?: Cancel };
}

/** What it acts with: its agent token, or else its default one. */
export function tokenInUse({ given, token }: ModelAgent): string | undefined {
  return given.get("agent") || token || given.get("default") || undefined;
}

export const SERF_CHECK = {
  alive: {
    id: "serfHealth",
    name: "Serf Health Status",
    status: "passing",
    output: "Agent alive and reachable",
    serviceId: "",
    definition: {},
  },
  failed: {
    id: "serfHealth",
    name: "Serf Health Status",
    status: "critical",
    output: "Agent not live or unreachable",
    serviceId: "",
    definition: {},
  },
} as const satisfies Record<string, ModelCheck>;
