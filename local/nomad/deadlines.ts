import type { Cancel } from "../clock.ts";
import type { Agenda } from "./agenda.ts";
import type { ModelDrain } from "./node.ts";

/** Nomad's `NodeDeadlineCoalesceWindow`: deadlines this close are handled with the last of them. */
const WINDOW_MILLISECONDS = 5_000;
/** A forced drain's deadline: long ago, and far from every real one. */
const FORCED = 0;

/** When draining nodes must be empty (`deadlineHeap` of Nomad's drainer). */
export class Deadlines {
  readonly #agenda: Agenda;
  readonly #reached: (nodeIds: readonly string[]) => void;
  readonly #nodes = new Map<string, number>();
  #timer: { readonly at: number; readonly cancel: Cancel } | undefined;

  constructor(agenda: Agenda, reached: (nodeIds: readonly string[]) => void) {
    this.#agenda = agenda;
    this.#reached = reached;
  }

  watch(nodeId: string, drain: ModelDrain): void {
    if (drain.deadlineNanoseconds === 0) this.#nodes.delete(nodeId);
    else this.#nodes.set(nodeId, drain.forceAt?.getTime() ?? FORCED);
    this.#arm();
  }

  remove(nodeId: string): void {
    if (this.#nodes.delete(nodeId)) this.#arm();
  }

  #arm(): void {
    const at = this.#next();
    if (at === this.#timer?.at) return;
    this.#timer?.cancel();
    this.#timer =
      at === undefined
        ? undefined
        : { at, cancel: this.#agenda.at(new Date(at), () => this.#fire(at)) };
  }

  #next(): number | undefined {
    if (this.#nodes.size === 0) return undefined;
    let first = Number.POSITIVE_INFINITY;
    for (const at of this.#nodes.values()) first = Math.min(first, at);
    let last = first;
    for (const at of this.#nodes.values()) {
      if (at < first + WINDOW_MILLISECONDS) last = Math.max(last, at);
    }
    return last;
  }

  #fire(at: number): void {
    this.#timer = undefined;
    const due = [...this.#nodes].filter(([, deadline]) => deadline <= at).map(([id]) => id);
    for (const id of due) this.#nodes.delete(id);
    this.#reached(due);
    this.#arm();
  }
}
