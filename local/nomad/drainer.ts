import { clientTerminal, type ModelAllocation, terminal } from "./allocation.ts";
import { Deadlines } from "./deadlines.ts";
import { drainable } from "./drain-pace.ts";
import { jobKey } from "./job.ts";
import type { ModelNode } from "./node.ts";
import type { State } from "./state.ts";

/** Nomad's `BatchUpdateInterval`: allocations to drain are collected for so long. */
const BATCH_SECONDS = 1;
/** Nomad looks at its draining jobs at most a hundred times a second. */
const LOOK_SECONDS = 0.01;

/**
 * Nomad's node drainer (`nomad/drainer`), with its habits: service allocations go by their group's
 * pace, batch ones are waited for, system ones are stopped last and not waited for, and at the
 * deadline everything is told to stop and the drain is called complete while tasks still stop.
 */
export class Drainer {
  readonly #state: State;
  readonly #evaluate: (jobKey: string) => void;
  readonly #deadlines: Deadlines;
  readonly #jobs = new Set<string>();
  readonly #changed = new Set<string>();
  /** Nodes with an allocation that ended since the last look. */
  readonly #touched = new Set<string>();
  #looking = false;
  /** The drainer does one batch after the other. */
  #busyUntil = 0;

  constructor(state: State, evaluate: (jobKey: string) => void) {
    this.#state = state;
    this.#evaluate = evaluate;
    this.#deadlines = new Deadlines(state.agenda, (nodeIds) =>
      state.leadership.whenLed(() => this.#force(nodeIds)),
    );
    state.onChange((change) => {
      if (change.kind === "allocation") this.#allocationChanged(change.allocation);
    });
  }

  /** The node's drain was set or replaced. */
  watch(node: ModelNode): void {
    this.#state.agenda.in(0, () => {
      if (!node.drain || this.#state.nodes.get(node.id) !== node) return;
      this.#deadlines.watch(node.id, node.drain);
      for (const allocation of this.#state.onNode(node.id)) {
        if (terminal(allocation) || allocation.job.type === "system") continue;
        this.#jobs.add(jobKey(allocation.job));
        this.#changed.add(jobKey(allocation.job));
      }
      this.#lookSoon();
      if (this.#isDone(node)) this.#complete(node);
    });
  }

  /** The node's drain was cancelled, or the node is gone. */
  forget(nodeId: string): void {
    this.#deadlines.remove(nodeId);
  }

  #allocationChanged(allocation: ModelAllocation): void {
    const key = jobKey(allocation.job);
    if (!this.#jobs.has(key)) return;
    this.#changed.add(key);
    const node = this.#state.nodes.get(allocation.nodeId);
    if (node?.drain && clientTerminal(allocation)) this.#touched.add(node.id);
    this.#lookSoon();
  }

  #lookSoon(): void {
    if (this.#looking || this.#changed.size === 0) return;
    this.#looking = true;
    this.#inLed(LOOK_SECONDS, () => this.#look());
  }

  #look(): void {
    const keys = [...this.#changed];
    this.#changed.clear();
    const drain = keys.flatMap((key) => this.#nextOf(key));
    const finish = () => {
      this.#mark(drain);
      this.#finishTouched();
      this.#looking = false;
      this.#lookSoon();
    };
    // While a batch is collected nothing else is looked at.
    if (drain.length > 0) this.#inLed(this.#batchSeconds(), finish);
    else finish();
  }

  #nextOf(key: string): ModelAllocation[] {
    const job = this.#state.jobs.get(key);
    const isDraining = (nodeId: string) => Boolean(this.#state.nodes.get(nodeId)?.drain);
    const allocations = this.#state.ofJob(key);
    const remaining = allocations.some((a) => isDraining(a.nodeId) && !clientTerminal(a));
    // Without a migrate block nothing is followed: only the deadline ends a sysbatch allocation.
    if (!job || !remaining || job.type === "sysbatch") this.#jobs.delete(key);
    return job?.type === "service" ? drainable(job, allocations, isDraining) : [];
  }

  #finishTouched(): void {
    for (const nodeId of this.#touched) {
      const node = this.#state.nodes.get(nodeId);
      if (node?.drain && this.#isDone(node)) this.#complete(node);
    }
    this.#touched.clear();
  }

  #isDone(node: ModelNode): boolean {
    return this.#state
      .onNode(node.id)
      .every((allocation) => allocation.job.type === "system" || clientTerminal(allocation));
  }

  #force(nodeIds: readonly string[]): void {
    const nodes = nodeIds.map((id) => this.#state.nodes.get(id)).filter((node) => node?.drain);
    const stop = nodes.flatMap((node) => (node ? this.#remaining(node) : []));
    this.#inLed(this.#batchSeconds(), () => {
      this.#mark(stop);
      for (const node of nodes) if (node?.drain) this.#end(node, { deadline_reached: "true" });
    });
  }

  /** The drainer runs on the leader. */
  #inLed(seconds: number, action: () => void): void {
    this.#state.agenda.in(seconds, () => this.#state.leadership.whenLed(action));
  }

  #batchSeconds(): number {
    const now = this.#state.now().getTime();
    this.#busyUntil = Math.max(now, this.#busyUntil) + BATCH_SECONDS * 1_000;
    return (this.#busyUntil - now) / 1_000;
  }

  #remaining(node: ModelNode): ModelAllocation[] {
    const ignoreSystem = node.drain?.ignoreSystemJobs;
    return this.#state
      .onNode(node.id)
      .filter((a) => !terminal(a) && !(a.job.type === "system" && ignoreSystem));
  }

  #complete(node: ModelNode): void {
    this.#mark(this.#remaining(node));
    this.#end(node, null);
  }

  #mark(allocations: readonly ModelAllocation[]): void {
    for (const allocation of allocations) {
      const migrateDisablePlacement = allocation.job.type === "batch";
      this.#state.update(allocation, { migrate: true, migrateDisablePlacement });
      this.#evaluate(jobKey(allocation.job));
    }
  }

  #end(node: ModelNode, details: Record<string, string> | null): void {
    this.#deadlines.remove(node.id);
    const { lastDrain } = node;
    this.#state.updateNode(
      node,
      {
        drain: null,
        lastDrain: lastDrain && { ...lastDrain, status: "complete", updatedAt: this.#state.now() },
      },
      { subsystem: "Drain", message: "Node drain complete", details },
    );
  }
}
