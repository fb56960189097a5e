import type { ModelClock } from "../clock.ts";
import { Access, type Token, type TokenInput } from "./access.ts";
import type { ModelAllocation } from "./allocation.ts";
import { Clients } from "./clients.ts";
import { Drainer } from "./drainer.ts";
import { Faults } from "./faults.ts";
import { NomadGossip } from "./gossip.ts";
import { Heartbeats } from "./heartbeats.ts";
import { Introductions } from "./introductions.ts";
import { type JobInput, jobKey, type ModelJob, newJob } from "./job.ts";
import type { NomadModelOptions } from "./model-options.ts";
import type { ModelNode, NodeInput } from "./node.ts";
import { NodeWrites } from "./node-writes.ts";
import { Registrations } from "./registrations.ts";
import { RootKeys } from "./root-keys.ts";
import { Scheduler } from "./scheduler.ts";
import { Servers } from "./servers.ts";
import { type ChangeListener, State } from "./state.ts";
import { Variables } from "./variables.ts";

/** An agent that comes back takes this long until its servers call it ready. */
const REGISTER_SECONDS = 1;

export type { NomadModelOptions };

/**
 * A Nomad cluster in memory: its servers, its clients and the tasks on them. Time is the clock's.
 * Operators and programs talk to it through `nomadFace` or `modelNomadPort`; the methods here are
 * for what happens to a cluster and for looking at it.
 */
export class NomadModel {
  readonly state: State;
  readonly access: Access;
  readonly faults = new Faults();
  readonly writes: NodeWrites;
  /** They can die, come back, lag behind and change their leader. */
  readonly servers: Servers;
  readonly gossip: NomadGossip;
  readonly rootKeys: RootKeys;
  readonly variables: Variables;
  /** Undefined for servers older than 1.11. */
  readonly introductions: Introductions | undefined;
  /** The secret of a token that may do everything. */
  readonly managementToken: string;
  readonly #scheduler: Scheduler;
  readonly #drainer: Drainer;
  readonly #clients: Clients;
  readonly #heartbeats: Heartbeats;
  readonly #registrations: Registrations;

  constructor(clock: ModelClock, options: NomadModelOptions = {}) {
    this.state = new State(clock, options.seed ?? 1);
    this.access = new Access(options.acl ?? true, this.state.chance, () => this.state.now());
    this.managementToken = this.createToken({ type: "management", name: "Bootstrap Token" });
    this.rootKeys = new RootKeys(() => this.state.now(), options.seed ?? 1, this.state.index);
    this.variables = new Variables(() => this.state.now());
    this.#scheduler = new Scheduler(this.state);
    this.#clients = new Clients(this.state);
    this.#drainer = new Drainer(this.state, (key) => this.#scheduler.evaluate(key));
    this.#heartbeats = new Heartbeats(
      this.state,
      (nodeId) => this.#registrations.missed(nodeId),
      options.downAfter,
    );
    this.servers = new Servers(this.state, options.servers ?? 1, {
      lost: () => {
        this.state.leadership.lose();
        this.#heartbeats.leaderLost();
      },
      gained: () => {
        this.#heartbeats.leaderChanged();
        this.state.leadership.gain();
      },
    });
    this.gossip = new NomadGossip(() => this.servers.all, options.gossipKey);
    this.writes = new NodeWrites(this.state, this.#drainer, this.#scheduler);
    const { clientIntroduction } = options;
    this.introductions =
      clientIntroduction === false
        ? undefined
        : new Introductions(() => this.state.now(), this.state.chance, clientIntroduction);
    this.#registrations = new Registrations({
      state: this.state,
      clients: this.#clients,
      scheduler: this.#scheduler,
      introductions: this.introductions,
    });
  }

  /**
   * Starts a client agent whose node is there and ready at once, as if started long ago.
   * @throws when the servers do not let it in.
   */
  addNode(input: NodeInput = {}): ModelNode {
    const id = input.id ?? this.state.newId();
    if (!this.#registrations.letsIn(id, input)) throw new Error("the servers do not let it in");
    this.#clients.add(id, input);
    return this.#registrations.register(id, input, !input.defaultIneligible);
  }

  /**
   * Starts a client agent, which registers by itself; one that is not let in goes on trying.
   * @param log is given what the agent logs of it.
   * @returns the id its node will have.
   */
  startClient(input: NodeInput = {}, log: (line: string) => void = () => {}): string {
    const id = input.id ?? this.state.newId();
    this.#clients.add(id, input);
    this.#registrations.begin(id, input, log);
    return id;
  }

  /** Registers a job, or another version of it: what runs of the old one goes on as it is. */
  registerJob(input: JobInput): ModelJob {
    const index = ++this.state.index;
    const before = this.state.jobs.get(jobKey({ namespace: "default", ...input }));
    const job = newJob(input, index, before?.createIndex);
    this.state.jobs.set(jobKey(job), job);
    this.#scheduler.evaluate(jobKey(job));
    return job;
  }

  /** Stops a job and all its allocations. */
  stopJob(id: string, namespace = "default"): boolean {
    const job = this.state.jobs.get(jobKey({ id, namespace }));
    if (!job) return false;
    const modifyIndex = ++this.state.index;
    this.state.jobs.set(jobKey(job), { ...job, stopped: true, modifyIndex });
    this.#scheduler.evaluate(jobKey(job));
    return true;
  }

  /** Stops a job and forgets it, with those of its allocations that have ended. */
  purgeJob(id: string, namespace = "default"): boolean {
    const key = jobKey({ id, namespace });
    if (!this.state.jobs.delete(key)) return false;
    this.state.index++;
    this.#scheduler.jobPurged(key);
    return true;
  }

  /** The agent dies without a word, or its machine does: down after 13 to 30 s. */
  stopAgent(nodeId: string): void {
    if (!this.#clients.isRunning(nodeId)) return;
    this.#clients.silence(nodeId);
    this.#heartbeats.silent(nodeId);
  }

  /** The agent is back, with the same data directory and so the same node id. */
  startAgent(nodeId: string): void {
    if (this.#clients.isRunning(nodeId)) return;
    this.#heartbeats.heard(nodeId);
    this.#clients.resume(nodeId);
    this.state.agenda.in(REGISTER_SECONDS, () => this.#registrations.heard(nodeId));
  }

  /** Another server leads from now on: for 300 s no silent node is called down. */
  changeLeader(): void {
    this.servers.changeLeader();
  }

  /**
   * Takes a node out of the state. A client that lives registers again, at its next heartbeat at
   * the latest, as eligible or not as it was told at the one before.
   */
  purge(node: ModelNode): void {
    this.state.removeNode(node);
    this.#drainer.forget(node.id);
    this.#scheduler.nodeLost(node.id);
    const told = node.eligibleSince <= this.#heartbeats.lastBeatAt();
    const eligible = told ? node.eligible : !node.eligible;
    const seconds = this.#heartbeats.registersAgainSeconds();
    this.state.agenda.in(seconds, () => this.#registrations.heard(node.id, eligible));
  }

  /** @returns the new token's secret. */
  createToken(input: TokenInput): string {
    return this.newToken(input).secretId;
  }

  newToken(input: TokenInput): Token {
    return this.access.create(input, ++this.state.index);
  }

  node(id: string): ModelNode | undefined {
    return this.state.nodes.get(id);
  }

  /** All allocations there ever were on a node. */
  allocationsOn(nodeId: string): readonly ModelAllocation[] {
    return this.state.onNode(nodeId);
  }

  /** Calls the listener after each change of a node or an allocation. */
  onChange(listener: ChangeListener): () => void {
    return this.state.onChange(listener);
  }

  onAllocationChange(listener: (allocation: ModelAllocation, at: Date) => void): () => void {
    return this.state.onChange((change) => {
      if (change.kind === "allocation") listener(change.allocation, change.at);
    });
  }
}
