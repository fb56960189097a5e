import type { Clients } from "./clients.ts";
import type { Introductions } from "./introductions.ts";
import { type ModelNode, type NodeInput, nodeName, takesWork } from "./node.ts";
import type { Scheduler } from "./scheduler.ts";
import type { State } from "./state.ts";

/** An agent that starts takes this long until it registers. */
const START_SECONDS = 1;
/** A refused client tries again after 15 s and up to as much more (`registerRetryIntv`). */
const RETRY_SECONDS = 15;

/** How nodes come into the servers' state, and back to `ready`. */
export class Registrations {
  readonly #state: State;
  readonly #clients: Clients;
  readonly #scheduler: Scheduler;
  readonly #introductions: Introductions | undefined;
  /** Clients that have an identity of this cluster's in their data directory. */
  readonly #known = new Set<string>();
  readonly #logs = new Map<string, (line: string) => void>();

  constructor(parts: {
    readonly state: State;
    readonly clients: Clients;
    readonly scheduler: Scheduler;
    readonly introductions: Introductions | undefined;
  }) {
    this.#state = parts.state;
    this.#clients = parts.clients;
    this.#scheduler = parts.scheduler;
    this.#introductions = parts.introductions;
  }

  /** An agent with an empty data directory starts: it registers in a moment, or goes on trying. */
  begin(id: string, input: NodeInput, log: (line: string) => void): void {
    this.#logs.set(id, log);
    this.#state.agenda.in(START_SECONDS, () => this.#introduce(id, input));
  }

  #introduce(id: string, input: NodeInput): void {
    this.#state.leadership.whenLed(() => this.#tryToRegister(id, input));
  }

  #tryToRegister(id: string, input: NodeInput): void {
    if (!this.#clients.isRunning(id) || this.#known.has(id)) return;
    const log = this.#logs.get(id) ?? (() => {});
    if (!this.letsIn(id, input)) {
      log('client: error registering: error="rpc error: Permission denied"');
      const seconds = RETRY_SECONDS * (1 + this.#state.chance());
      this.#state.agenda.in(seconds, () => this.#introduce(id, input));
      return;
    }
    const { readyAfterSeconds = 0 } = input;
    const eligible = !input.defaultIneligible;
    log("client: node registration complete");
    if (readyAfterSeconds === 0) {
      this.register(id, input, eligible);
      return;
    }
    this.register(id, input, eligible, "initializing");
    this.#state.agenda.in(readyAfterSeconds, () => this.heard(id));
  }

  /** Whether the servers take this client for one of theirs. */
  letsIn(id: string, input: NodeInput): boolean {
    return (
      this.#introductions?.letsIn({
        name: nodeName(id, input),
        nodePool: input.nodePool ?? "default",
        introductionToken: input.introductionToken,
      }) ?? true
    );
  }

  register(
    id: string,
    input: NodeInput,
    eligible: boolean,
    status: ModelNode["status"] = "ready",
  ): ModelNode {
    this.#known.add(id);
    const index = ++this.#state.index;
    const now = this.#state.now();
    const node: ModelNode = {
      id,
      name: nodeName(id, input),
      datacenter: input.datacenter ?? "dc1",
      nodePool: input.nodePool ?? "default",
      nodeClass: input.nodeClass ?? "",
      address: input.address ?? "127.0.0.1",
      version: input.version ?? "2.0.6-dev",
      attributes: {
        ...(input.instanceId && { "unique.platform.aws.instance-id": input.instanceId }),
        ...input.attributes,
      },
      meta: input.meta ?? {},
      createIndex: index,
      status,
      statusUpdatedAt: now,
      eligible,
      eligibleSince: now,
      drain: null,
      lastDrain: null,
      events: [
        { at: now, subsystem: "Cluster", message: "Node registered", details: null, index: 0 },
      ],
      modifyIndex: index,
    };
    this.#state.addNode(node);
    if (takesWork(node)) this.#scheduler.nodeTakesWork();
    return node;
  }

  /** A living client was heard: it is in the state, and ready. */
  heard(nodeId: string, eligible = true): void {
    this.#state.leadership.whenLed(() => this.#hear(nodeId, eligible));
  }

  #hear(nodeId: string, eligible: boolean): void {
    const input = this.#clients.input(nodeId);
    if (!input || !this.#clients.isRunning(nodeId)) return;
    const node = this.#state.nodes.get(nodeId);
    if (!node) {
      if (this.#known.has(nodeId)) this.register(nodeId, input, eligible);
      else this.#introduce(nodeId, input);
      return;
    }
    if (node.status === "ready") return;
    const back = node.status === "down";
    this.#state.updateNode(
      node,
      { status: "ready", statusUpdatedAt: this.#state.now() },
      back ? { subsystem: "Cluster", message: "Node reregistered by heartbeat" } : undefined,
    );
    if (takesWork(node)) this.#scheduler.nodeTakesWork();
  }

  /** Nobody has heard of the client for too long. */
  missed(nodeId: string): void {
    const node = this.#state.nodes.get(nodeId);
    if (!node) return;
    this.#state.updateNode(
      node,
      { status: "down", statusUpdatedAt: this.#state.now() },
      { subsystem: "Cluster", message: "Node heartbeat missed" },
    );
    this.#scheduler.nodeLost(nodeId);
  }
}
