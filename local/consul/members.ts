import { plusSeconds } from "../clock.ts";
import type { Agenda } from "../nomad/agenda.ts";
import { type ModelAgent, SERF_CHECK } from "./agent.ts";
import type { ModelCatalog } from "./catalog.ts";
import { FAILED_SECONDS, JOIN_SECONDS, REAPED_SECONDS, RECONCILE_SECONDS } from "./timings.ts";

/**
 * Serf's members as the servers see them, and what the leader makes of that in the catalog. It asks
 * for no agent's token: a member is registered, and its serfHealth passes, whatever its token is.
 */
export class Members {
  readonly agents = new Map<string, ModelAgent>();
  readonly #agenda: Agenda;
  readonly #catalog: ModelCatalog;
  readonly #span: (span: readonly [number, number]) => number;
  readonly #startedAt: Date;
  #reconcileIsDue = false;

  constructor(
    agenda: Agenda,
    catalog: ModelCatalog,
    span: (span: readonly [number, number]) => number,
  ) {
    this.#agenda = agenda;
    this.#catalog = catalog;
    this.#span = span;
    this.#startedAt = agenda.now();
    catalog.onChange(({ name, entry }) => {
      const agent = this.agents.get(name);
      const isMissing = agent?.status === "alive" && !entry?.checks.has(SERF_CHECK.alive.id);
      if (isMissing || (!agent && entry?.checks.has(SERF_CHECK.alive.id))) this.#reconcileLater();
    });
  }

  /** The agent runs and can be reached. @param joined is called once it is a member. */
  heard(agent: ModelAgent, joined: () => void): void {
    agent.timers.failed?.();
    agent.timers.joined?.();
    agent.timers.reaped?.();
    agent.leaving = false;
    agent.timers.joined = this.#agenda.in(this.#span(JOIN_SECONDS), () => {
      agent.status = "alive";
      this.#registerAlive(agent);
      joined();
    });
  }

  /** The agent can't be reached any more. */
  silent(agent: ModelAgent): void {
    agent.timers.joined?.();
    agent.timers.failed?.();
    if (agent.status !== "alive") return;
    agent.timers.failed = this.#agenda.in(this.#span(FAILED_SECONDS), () => {
      if (agent.leaving) {
        this.left(agent);
        return;
      }
      agent.status = "failed";
      agent.timers.reaped = this.#agenda.in(REAPED_SECONDS, () => this.left(agent));
      const entry = this.#catalog.entries.get(agent.name);
      // One that is not in the catalog stays out of it.
      if (entry) this.#catalog.setCheck(entry, SERF_CHECK.failed);
    });
  }

  /** The agent, or somebody for it, says that it has left: the leader takes its entry out. */
  left(agent: ModelAgent): void {
    agent.timers.failed?.();
    agent.timers.reaped?.();
    agent.status = "left";
    this.#catalog.deregister(agent.name);
  }

  /**
   * Somebody says that a member has left. A living one says that it has not, and stays.
   * @returns whether there is such a member.
   */
  forceLeave(name: string): boolean {
    const agent = this.agents.get(name);
    if (!agent?.status) return false;
    if (agent.status === "failed") this.left(agent);
    // Once it is seen to be silent it has left, and not failed.
    else if (!agent.running) agent.leaving = true;
    return true;
  }

  #registerAlive(agent: ModelAgent): void {
    const { name, id, address } = agent;
    const before = this.#catalog.entries.get(name);
    if (before?.address === address && before.checks.get("serfHealth")?.status === "passing")
      return;
    this.#catalog.register({
      name,
      id,
      address,
      meta: before?.meta,
      taggedAddresses: before?.taggedAddresses,
      checks: [SERF_CHECK.alive],
    });
  }

  #reconcileLater(): void {
    if (this.#reconcileIsDue) return;
    this.#reconcileIsDue = true;
    const passed = (this.#agenda.now().getTime() - this.#startedAt.getTime()) / 1_000;
    const round = Math.floor(passed / RECONCILE_SECONDS) + 1;
    this.#agenda.at(plusSeconds(this.#startedAt, round * RECONCILE_SECONDS), () => {
      this.#reconcileIsDue = false;
      this.#reconcile();
    });
  }

  #reconcile(): void {
    for (const agent of this.agents.values()) {
      if (agent.status === "alive") this.#registerAlive(agent);
    }
    // An entry with Serf's check of which Serf knows nothing is reaped.
    for (const { name, checks } of [...this.#catalog.entries.values()]) {
      if (checks.has("serfHealth") && !this.agents.get(name)?.status)
        this.#catalog.deregister(name);
    }
  }
}
