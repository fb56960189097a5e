import { clientTerminal, type ModelAllocation, terminal } from "./allocation.ts";
import { jobKey, type ModelJob, onEveryNode } from "./job.ts";
import { type ModelNode, takesWork } from "./node.ts";
import type { State } from "./state.ts";

/** Decides what runs where: stops what must go, places what is missing. */
export class Scheduler {
  readonly #state: State;
  /** Jobs to look at, in one go and a moment after what made it necessary. */
  readonly #due = new Set<string>();
  /** Jobs with something that found no place. */
  readonly #blocked = new Set<string>();
  #cursor = 0;

  constructor(state: State) {
    this.#state = state;
  }

  /** Looks at a job soon. */
  evaluate(key: string): void {
    if (this.#due.size === 0)
      this.#state.agenda.in(0, () => this.#state.leadership.whenLed(() => this.#run()));
    this.#due.add(key);
  }

  /**
   * A node has come (back) or takes work again. Of the jobs on every node only system ones come to
   * it: sysbatch ones stay on the nodes they found when registered (hashicorp/nomad#23858).
   */
  nodeTakesWork(): void {
    for (const key of this.#blocked) this.evaluate(key);
    for (const job of this.#state.jobs.values()) {
      if (job.type === "system") this.evaluate(jobKey(job));
    }
  }

  /** A job is no longer in the state: what still runs of it has to stop. */
  jobPurged(key: string): void {
    this.#blocked.delete(key);
    for (const allocation of [...this.#state.ofJob(key)]) {
      if (clientTerminal(allocation)) this.#state.remove(allocation);
      else this.#stop(allocation, "alloc not needed due to job update");
    }
  }

  /** A node is down or gone. Nobody looks at sysbatch jobs then (hashicorp/nomad#23858). */
  nodeLost(nodeId: string): void {
    for (const allocation of this.#state.onNode(nodeId)) {
      const { job } = allocation;
      if (!clientTerminal(allocation) && job.type !== "sysbatch") this.evaluate(jobKey(job));
    }
  }

  #run(): void {
    const keys = [...this.#due];
    this.#due.clear();
    for (const key of keys) {
      const job = this.#state.jobs.get(key);
      if (job) this.#reconcile(job, this.#state.ofJob(key));
    }
  }

  #reconcile(job: ModelJob, allocations: readonly ModelAllocation[]): void {
    const replaced = new Map<number, ModelAllocation>();
    for (const allocation of allocations) {
      this.#loseIfStopping(allocation);
      const why = allocation.desiredStatus === "run" && this.#mustGo(job, allocation);
      if (!why) continue;
      const lost = why.startsWith("alloc is lost") && !clientTerminal(allocation);
      this.#stop(allocation, why, lost);
      replaced.set(allocation.number, allocation);
    }
    this.#blocked.delete(jobKey(job));
    if (job.stopped || job.startsOtherwise) return;
    if (onEveryNode(job)) this.#fillNodes(job, allocations);
    else this.#fillCount(job, allocations, replaced);
  }

  // One that was to stop when its node went down (`updateNonTerminalAllocsToLost` of Nomad's scheduler).
  #loseIfStopping(allocation: ModelAllocation): void {
    const node = this.#state.nodes.get(allocation.nodeId);
    const isStopping = allocation.desiredStatus === "stop" && !clientTerminal(allocation);
    if (isStopping && (!node || node.status === "down")) {
      this.#state.update(allocation, { clientStatus: "lost" });
    }
  }

  #stop(allocation: ModelAllocation, why: string, lost = false): void {
    this.#state.update(allocation, {
      desiredStatus: "stop",
      desiredDescription: why,
      ...(lost && { clientStatus: "lost" as const }),
    });
  }

  #mustGo(job: ModelJob, allocation: ModelAllocation): string | undefined {
    const node = this.#state.nodes.get(allocation.nodeId);
    if (clientTerminal(allocation)) return undefined;
    if (!node || node.status === "down") return "alloc is lost since its node is down";
    if (allocation.migrate) {
      return onEveryNode(job) ? "alloc not needed as node is tainted" : "alloc is being migrated";
    }
    return job.stopped ? "alloc not needed due to job update" : undefined;
  }

  #fillCount(
    job: ModelJob,
    allocations: readonly ModelAllocation[],
    replaced: ReadonlyMap<number, ModelAllocation>,
  ): void {
    const taken = new Set(allocations.filter(holdsPlace).map(({ number }) => number));
    const used = new Set(allocations.filter((a) => !terminal(a)).map(({ nodeId }) => nodeId));
    for (let number = 0; number < job.count; number++) {
      if (taken.has(number)) continue;
      const node = this.#pick(job, used);
      if (!node) {
        this.#blocked.add(jobKey(job));
        return;
      }
      used.add(node.id);
      const previous = replaced.get(number) ?? allocations.findLast((a) => a.number === number);
      this.#place(job, number, node, previous ?? null);
    }
  }

  #fillNodes(job: ModelJob, allocations: readonly ModelAllocation[]): void {
    const taken = new Set(allocations.filter(holdsPlace).map(({ nodeId }) => nodeId));
    for (const node of this.#state.nodes.values()) {
      if (takesWork(node) && fits(job, node) && !taken.has(node.id))
        this.#place(job, 0, node, null);
    }
  }

  #place(job: ModelJob, number: number, node: ModelNode, previous: ModelAllocation | null): void {
    const index = ++this.#state.index;
    const id = this.#state.newId();
    if (previous) previous.nextId = id;
    this.#state.add({
      id,
      number,
      nodeId: node.id,
      job,
      createdAt: this.#state.now(),
      createIndex: index,
      modifyIndex: index,
      previous,
      desiredStatus: "run",
      desiredDescription: "",
      clientStatus: "pending",
      migrate: false,
      migrateDisablePlacement: false,
      health: null,
      nextId: null,
    });
  }

  /** The nodes take turns; one that has nothing of this job yet comes first. */
  #pick(job: ModelJob, used: ReadonlySet<string>): ModelNode | undefined {
    const nodes = [...this.#state.nodes.values()];
    let second: ModelNode | undefined;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[(this.#cursor + i) % nodes.length];
      if (!takesWork(node) || !fits(job, node)) continue;
      if (!used.has(node.id)) {
        this.#cursor = (this.#cursor + i + 1) % nodes.length;
        return node;
      }
      second ??= node;
    }
    return second;
  }
}

/**
 * Its place needs nobody else: it runs, or was a batch task that is over. (One that failed is not
 * tried again: the model has no reschedule policies.)
 */
function holdsPlace(allocation: ModelAllocation): boolean {
  if (!terminal(allocation)) return true;
  if (allocation.migrateDisablePlacement) return true;
  const { type } = allocation.job;
  const mayEnd = type === "batch" || type === "sysbatch";
  const ended = allocation.clientStatus === "complete" || allocation.clientStatus === "failed";
  return mayEnd && ended && allocation.desiredStatus === "run";
}

function fits(job: ModelJob, node: ModelNode): boolean {
  if (job.onlyNodeId !== null && job.onlyNodeId !== node.id) return false;
  const datacenter = job.datacenters.includes("*") || job.datacenters.includes(node.datacenter);
  return datacenter && (job.nodePool === "all" || job.nodePool === node.nodePool);
}
