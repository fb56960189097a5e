import { plusSeconds } from "../../clock.ts";
import type { AwsContext } from "../context.ts";

/** A machine with an SSM agent, as Systems Manager describes it. */
export interface ManagedNode {
  /** `i-…`, or `mi-…` for a machine that is no EC2 instance. */
  readonly id: string;
  readonly pingStatus: "Online" | "ConnectionLost";
  readonly lastPingAt: Date;
  readonly registeredAt: Date;
  readonly agentVersion: string;
  readonly name?: string;
  readonly ipAddress?: string;
}

interface Agent extends Omit<ManagedNode, "pingStatus" | "lastPingAt"> {
  /** When it was started last: its pings are counted from there. */
  startedAt: Date;
  silentSince?: Date;
}

/** How often an agent says that it lives (`Ssm.HealthFrequencyMinutes` of amazon-ssm-agent). */
const PING_SECONDS = 300;

/** A silent agent counts as Online until a ping is missed. */
const MISSED_SECONDS = PING_SECONDS + 60;

/** The machines with an SSM agent. */
export class ManagedNodes {
  readonly #context: AwsContext;
  readonly #agents = new Map<string, Agent>();
  readonly #listeners = new Set<(id: string) => void>();

  constructor(context: AwsContext) {
    this.#context = context;
  }

  /** The agent of a machine starts, for the first time or again. */
  startAgent(
    id: string,
    about: { version?: string; name?: string; ipAddress?: string } = {},
  ): void {
    const now = this.#context.clock.now();
    const before = this.#agents.get(id);
    const { version = "3.3.2299.0", ...rest } = about;
    const registeredAt = before?.registeredAt ?? now;
    const facts = { id, agentVersion: version, registeredAt, startedAt: now };
    this.#agents.set(id, { ...before, ...rest, ...facts, silentSince: undefined });
    for (const listener of this.#listeners) listener(id);
  }

  /** Calls the listener when the agent of a machine starts. */
  onStart(listener: (id: string) => void): void {
    this.#listeners.add(listener);
  }

  /** Whether the agent works, whatever Systems Manager believes. */
  lives(id: string): boolean {
    const agent = this.#agents.get(id);
    return agent !== undefined && agent.silentSince === undefined;
  }

  /** The agent says no more; nobody is told. Does nothing where there is none. */
  stopAgent(id: string): void {
    const agent = this.#agents.get(id);
    if (agent) agent.silentSince ??= this.#context.clock.now();
  }

  /** A machine outside EC2 registers with a hybrid activation. @returns its id, `mi-…`. */
  activate(about: { name: string; ipAddress?: string }): string {
    const id = `m${this.#context.ids.instanceId()}`;
    this.startAgent(id, about);
    return id;
  }

  find(id: string): ManagedNode | undefined {
    const agent = this.#agents.get(id);
    return agent && this.#describe(agent);
  }

  list(): ManagedNode[] {
    return [...this.#agents.values()].map((agent) => this.#describe(agent));
  }

  #describe({ startedAt, silentSince, ...agent }: Agent): ManagedNode {
    const now = this.#context.clock.now();
    const end = silentSince ?? now;
    const seconds = (end.getTime() - startedAt.getTime()) / 1_000;
    const lastPingAt = plusSeconds(startedAt, Math.floor(seconds / PING_SECONDS) * PING_SECONDS);
    const lost = now > plusSeconds(lastPingAt, MISSED_SECONDS);
    return { ...agent, lastPingAt, pingStatus: lost ? "ConnectionLost" : "Online" };
  }
}
