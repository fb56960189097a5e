import type { AutoScaling } from "./auto-scaling.ts";
import type { Breaker } from "./breaker.ts";
import type { Budget } from "./budget.ts";
import type { Clock } from "./clock.ts";
import type { Commands } from "./commands.ts";
import type { Compute } from "./compute.ts";
import type { Consul } from "./consul.ts";
import type { Hints } from "./hints.ts";
import type { Introductions } from "./introductions.ts";
import type { Journal } from "./journal.ts";
import type { Metrics } from "./metrics.ts";
import type { Control, Nodes } from "./nodes.ts";
import type { Nomad } from "./nomad.ts";
import type { Outcomes } from "./outcomes.ts";
import type { Ticks } from "./ticks.ts";
import type { Vault } from "./vault.ts";

/** All a flow may touch. */
export interface Ports {
  readonly nodes: Nodes;
  readonly control: Control;
  readonly journal: Journal;
  readonly ticks: Ticks;
  readonly nomad: Nomad;
  /** Undefined when no Consul is configured. */
  readonly consul: Consul | undefined;
  /** Undefined when no Vault is configured. */
  readonly vault: Vault | undefined;
  /** Undefined when new instances are given nothing. */
  readonly introductions: Introductions | undefined;
  readonly autoScaling: AutoScaling;
  readonly compute: Compute;
  readonly commands: Commands;
  readonly breaker: Breaker;
  readonly budget: Budget;
  readonly hints: Hints;
  readonly outcomes: Outcomes;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** A new unique id. */
  readonly newId: () => string;
}
