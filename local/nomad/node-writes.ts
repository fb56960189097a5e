import type { Drainer } from "./drainer.ts";
import { type ModelNode, takesWork } from "./node.ts";
import type { Scheduler } from "./scheduler.ts";
import type { State } from "./state.ts";

/** What a drain write says; null cancels. */
export interface DrainSpec {
  readonly deadlineNanoseconds: number;
  readonly ignoreSystemJobs: boolean;
}

/** The writes on a node, as the servers carry them out (`nomad/node_endpoint.go`). */
export class NodeWrites {
  readonly #state: State;
  readonly #drainer: Drainer;
  readonly #scheduler: Scheduler;

  constructor(state: State, drainer: Drainer, scheduler: Scheduler) {
    this.#state = state;
    this.#drainer = drainer;
    this.#scheduler = scheduler;
  }

  /** @returns whether there was anything to do. */
  setEligibility(node: ModelNode, eligible: boolean): boolean {
    if (node.eligible === eligible) return false;
    const word = eligible ? "eligible" : "ineligible";
    this.#state.updateNode(
      node,
      { eligible, statusUpdatedAt: this.#state.now() },
      { subsystem: "Cluster", message: `Node marked as ${word} for scheduling` },
    );
    if (takesWork(node)) this.#scheduler.nodeTakesWork();
    return true;
  }

  /** Starts, replaces (the start stays, the deadline moves) or, with null, cancels a drain. */
  drain(
    node: ModelNode,
    spec: DrainSpec | null,
    by: {
      markEligible: boolean;
      meta: Readonly<Record<string, string>> | null;
      accessorId: string;
    },
  ): void {
    const now = this.#state.now();
    const before = node.drain;
    const drain = spec && {
      ...spec,
      startedAt: before?.startedAt ?? now,
      forceAt: spec.deadlineNanoseconds > 0 ? plusNanoseconds(now, spec.deadlineNanoseconds) : null,
    };
    const eligible = drain ? false : by.markEligible || node.eligible;
    const message = eventMessage(before !== null, drain !== null);
    this.#state.updateNode(
      node,
      {
        drain,
        eligible,
        statusUpdatedAt: now,
        ...(message && { lastDrain: this.#lastDrain(node, drain !== null, by) }),
      },
      message ? { subsystem: "Drain", message } : undefined,
    );
    if (drain) this.#drainer.watch(node);
    else this.#drainer.forget(node.id);
    if (takesWork(node)) this.#scheduler.nodeTakesWork();
  }

  #lastDrain(
    node: ModelNode,
    drains: boolean,
    by: { meta: Readonly<Record<string, string>> | null; accessorId: string },
  ): NonNullable<ModelNode["lastDrain"]> {
    const now = this.#state.now();
    const last = node.drain ? node.lastDrain : null;
    const given = by.meta && Object.keys(by.meta).length > 0 ? by.meta : null;
    return {
      status: drains ? "draining" : "canceled",
      startedAt: last?.startedAt ?? now,
      updatedAt: now,
      meta: given ?? last?.meta ?? null,
      accessorId: by.accessorId,
    };
  }
}

function plusNanoseconds(at: Date, nanoseconds: number): Date {
  return new Date(at.getTime() + nanoseconds / 1e6);
}

function eventMessage(drainedBefore: boolean, drainsNow: boolean): string | undefined {
  if (drainsNow) return drainedBefore ? "Node drain strategy updated" : "Node drain strategy set";
  return drainedBefore ? "Node drain disabled" : undefined;
}
