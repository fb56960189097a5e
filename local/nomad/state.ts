import type { ModelClock } from "../clock.ts";
import { Agenda } from "./agenda.ts";
import type { ModelAllocation } from "./allocation.ts";
import { randomId, seededChance } from "./chance.ts";
import { jobKey, type ModelJob } from "./job.ts";
import { Leadership } from "./leadership.ts";
import type { ModelNode, NodeEvent } from "./node.ts";

/** Something in Nomad's state is no longer as it was. */
export type NomadChange =
  | { readonly kind: "node"; readonly at: Date; readonly node: ModelNode; readonly removed?: true }
  | { readonly kind: "allocation"; readonly at: Date; readonly allocation: ModelAllocation };

export type ChangeListener = (change: NomadChange) => void;

/** What the servers have in their state store, with an index that each write raises. */
export class State {
  readonly agenda: Agenda;
  readonly leadership: Leadership;
  readonly chance: () => number;
  readonly nodes = new Map<string, ModelNode>();
  readonly jobs = new Map<string, ModelJob>();
  readonly allocations = new Map<string, ModelAllocation>();
  readonly #byNode = new Map<string, ModelAllocation[]>();
  readonly #byJob = new Map<string, ModelAllocation[]>();
  readonly #listeners = new Set<ChangeListener>();
  index = 1;

  constructor(clock: ModelClock, seed: number) {
    this.agenda = new Agenda(clock);
    this.leadership = new Leadership(() => this.now());
    this.chance = seededChance(seed);
  }

  now(): Date {
    return this.agenda.now();
  }

  newId(): string {
    return randomId(this.chance);
  }

  onNode(nodeId: string): readonly ModelAllocation[] {
    return this.#byNode.get(nodeId) ?? [];
  }

  ofJob(key: string): readonly ModelAllocation[] {
    return this.#byJob.get(key) ?? [];
  }

  add(allocation: ModelAllocation): void {
    this.allocations.set(allocation.id, allocation);
    push(this.#byNode, allocation.nodeId, allocation);
    push(this.#byJob, jobKey(allocation.job), allocation);
    this.#tell({ kind: "allocation", at: this.now(), allocation });
  }

  update(allocation: ModelAllocation, change: Partial<ModelAllocation>): void {
    Object.assign(allocation, change, { modifyIndex: ++this.index });
    this.#tell({ kind: "allocation", at: this.now(), allocation });
  }

  remove(allocation: ModelAllocation): void {
    this.index++;
    this.allocations.delete(allocation.id);
    drop(this.#byNode, allocation.nodeId, allocation);
    drop(this.#byJob, jobKey(allocation.job), allocation);
  }

  updateNode(
    node: ModelNode,
    change: Partial<ModelNode>,
    event?: Pick<NodeEvent, "subsystem" | "message"> & Partial<NodeEvent>,
  ): void {
    const at = this.now();
    if (change.eligible !== undefined && change.eligible !== node.eligible) node.eligibleSince = at;
    Object.assign(node, change, { modifyIndex: ++this.index });
    if (event) {
      const whole = { at, details: null, index: this.index, ...event };
      node.events = [...node.events, whole].slice(-10);
    }
    this.#tell({ kind: "node", at, node });
  }

  addNode(node: ModelNode): void {
    this.nodes.set(node.id, node);
    this.#tell({ kind: "node", at: this.now(), node });
  }

  removeNode(node: ModelNode): void {
    this.index++;
    this.nodes.delete(node.id);
    this.#tell({ kind: "node", at: this.now(), node, removed: true });
  }

  /** Calls the listener after each change, until the returned function is called. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(change: NomadChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function drop<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  map.set(
    key,
    (map.get(key) ?? []).filter((other) => other !== value),
  );
}
