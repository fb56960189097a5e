import type { ModelClock } from "../clock.ts";
import { FaultQueue } from "../fault-queue.ts";
import { Agenda } from "../nomad/agenda.ts";
import { randomId, seededChance } from "../nomad/chance.ts";
import { Access, type Token, type TokenInput } from "./access.ts";
import type { AgentInput, AgentTokenKind, ModelAgent } from "./agent.ts";
import { AntiEntropy } from "./anti-entropy.ts";
import { type ChangeListener, ModelCatalog } from "./catalog.ts";
import type { CheckStatus, ModelEntry } from "./entry.ts";
import type { FaultKind } from "./faults.ts";
import { ConsulGossip } from "./gossip.ts";
import { Members } from "./members.ts";
import { CHECK_SYNC_SECONDS, FIRST_SYNC_SECONDS } from "./timings.ts";

export interface ConsulModelOptions {
  /** Decides ids and everything else that is left to chance. @default 1 */
  readonly seed?: number;
  /** Whether tokens are asked for. @default true */
  readonly acl?: boolean;
  /** @default "dc1" */
  readonly datacenter?: string;
  /** The key that the agents encrypt their gossip with. @default they don't */
  readonly gossipKey?: string;
}

/** A check as an agent, or consul-esm, sets it. */
export interface CheckInput {
  readonly id: string;
  readonly status: CheckStatus;
  /** @default the id */
  readonly name?: string;
  readonly output?: string;
  readonly serviceId?: string;
}

/**
 * A Consul datacenter in memory: its servers, and the agents on its nodes. Time is the clock's.
 * Operators and programs talk to it through `consulFace` or `modelConsulPort`; the methods here are
 * for what happens to a cluster and for looking at it.
 */
export class ConsulModel {
  readonly datacenter: string;
  readonly catalog: ModelCatalog;
  readonly access: Access;
  readonly members: Members;
  readonly faults = new FaultQueue<FaultKind>();
  readonly gossip: ConsulGossip;
  /** The secret of a token that may do everything. */
  readonly managementToken: string;
  readonly #agenda: Agenda;
  readonly #chance: () => number;
  readonly #antiEntropy: AntiEntropy;

  constructor(clock: ModelClock, options: ConsulModelOptions = {}) {
    this.datacenter = options.datacenter ?? "dc1";
    this.#agenda = new Agenda(clock);
    this.#chance = seededChance(options.seed ?? 1);
    const span = ([least, most]: readonly [number, number]) =>
      least + this.#chance() * (most - least);
    this.catalog = new ModelCatalog(() => this.#agenda.now());
    const now = () => this.#agenda.now();
    this.access = new Access(options.acl ?? true, this.datacenter, this.#chance, now);
    this.members = new Members(this.#agenda, this.catalog, span);
    const { agents } = this.members;
    this.gossip = new ConsulGossip(this.datacenter, agents, options.gossipKey);
    this.#antiEntropy = new AntiEntropy(this.#agenda, this.catalog, this.access, agents, span);
    this.managementToken = this.newToken({
      management: true,
      description: "Master Token",
    }).secretId;
  }

  now(): Date {
    return this.#agenda.now();
  }

  /**
   * Starts an agent. It joins, and its serfHealth passes, whatever its token: but only with one that
   * may write the node do its metadata, services and checks reach the catalog. One of another
   * datacenter does not join.
   * @throws when an agent of that name runs already.
   */
  startAgent(input: AgentInput): void {
    const { name } = input;
    if (this.members.agents.get(name)?.running) throw new Error(`an agent ${name} runs already`);
    const before = this.members.agents.get(name);
    const id = input.id ?? randomId(this.#chance);
    const agent: ModelAgent = {
      name,
      id,
      address: input.address ?? addressOf(id),
      meta: input.meta ?? {},
      token: input.token,
      keepsTokens: input.keepsTokens ?? false,
      given: new Map(),
      ring: this.gossip.newRing(input.gossipKey),
      services: input.services ?? [],
      checks: new Map(),
      running: true,
      leaving: false,
      status: before?.status,
      timers: {},
    };
    before?.timers.failed?.();
    if (input.datacenter !== undefined && input.datacenter !== this.datacenter) return;
    this.members.agents.set(name, agent);
    this.#join(agent);
  }

  /** The agent, its machine, or the way to it dies without a word. */
  stopAgent(name: string): void {
    const agent = this.members.agents.get(name);
    if (!agent?.running) return;
    agent.running = false;
    agent.timers.synced?.();
    delete agent.timers.synced;
    this.members.silent(agent);
  }

  /** The agent stops in good order (`leave_on_terminate`): its entry goes. */
  leaveAgent(name: string): void {
    const agent = this.members.agents.get(name);
    if (!agent?.running) return;
    this.stopAgent(name);
    this.members.left(agent);
  }

  /** Gives a running agent a token, which it uses at once: it compares the catalog with what it has. */
  giveToken(agent: ModelAgent, kind: AgentTokenKind, secret: string): void {
    agent.given.set(kind, secret);
    if (agent.status === "alive") this.#antiEntropy.syncIn(agent, FIRST_SYNC_SECONDS);
  }

  /** The agent is back, with the same data directory, configuration and token. */
  resumeAgent(name: string): void {
    const agent = this.members.agents.get(name);
    if (!agent || agent.running) return;
    agent.running = true;
    if (!agent.keepsTokens) agent.given.clear();
    this.#join(agent);
  }

  /** An agent has run one of its checks; or, of an external node, consul-esm has. */
  setCheck(name: string, input: CheckInput): void {
    const agent = this.members.agents.get(name);
    const entry = this.catalog.entries.get(name);
    const before = agent?.checks.get(input.id) ?? entry?.checks.get(input.id);
    const check = {
      id: input.id,
      name: input.name ?? before?.name ?? input.id,
      status: input.status,
      output: input.output ?? "",
      serviceId: input.serviceId ?? before?.serviceId ?? "",
      definition: before?.definition ?? {},
    };
    if (agent) {
      agent.checks.set(check.id, check);
      if (agent.running) this.#antiEntropy.syncIn(agent, CHECK_SYNC_SECONDS);
    } else if (entry) this.catalog.setCheck(entry, check);
    else throw new Error(`there is no node ${name}`);
  }

  /** @returns the new token's secret. */
  createToken(input: TokenInput): string {
    return this.newToken(input).secretId;
  }

  newToken(input: TokenInput): Token {
    return this.access.create(input, ++this.catalog.index);
  }

  /** The catalog's entries. */
  nodes(): readonly ModelEntry[] {
    return [...this.catalog.entries.values()];
  }

  /** All ACL tokens, the management token among them. */
  tokens(): readonly Token[] {
    return this.access.all();
  }

  /** Calls the listener after each change of the catalog. */
  onChange(listener: ChangeListener): () => void {
    return this.catalog.onChange(listener);
  }

  #join(agent: ModelAgent): void {
    // What others tell it, it can't decrypt: it goes on trying in vain.
    if (!this.gossip.isUnderstoodBy(agent)) return;
    this.members.heard(agent, () => this.#antiEntropy.syncIn(agent, FIRST_SYNC_SECONDS));
  }
}

function addressOf(id: string): string {
  const bytes = id.match(/[0-9a-f]{2}/g)?.slice(0, 3) ?? [];
  return ["10", ...bytes.map((byte) => `${Number.parseInt(byte, 16)}`)].join(".");
}
