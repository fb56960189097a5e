import type { AutoScaling } from "./auto-scaling.ts";
import type { Clock } from "./clock.ts";
import type { Compute } from "./compute.ts";
import type { Journal } from "./journal.ts";
import type { Metrics } from "./metrics.ts";
import type { Control, Nodes } from "./nodes.ts";
import type { Nomad } from "./nomad.ts";
import type { Ticks } from "./ticks.ts";

/** All a flow may touch. */
export interface Ports {
  readonly nodes: Nodes;
  readonly control: Control;
  readonly journal: Journal;
  readonly ticks: Ticks;
  readonly nomad: Nomad;
  readonly autoScaling: AutoScaling;
  readonly compute: Compute;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** A new unique id. */
  readonly newId: () => string;
}
