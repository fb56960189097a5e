import { isDeepStrictEqual } from "node:util";
import type { Agenda } from "../nomad/agenda.ts";
import type { Access } from "./access.ts";
import { type ModelAgent, tokenInUse } from "./agent.ts";
import type { ModelCatalog } from "./catalog.ts";
import type { ModelEntry } from "./entry.ts";
import { ANTI_ENTROPY_SECONDS } from "./timings.ts";

/**
 * Living agents make their entries say what they themselves have: their own metadata and no other,
 * their services and checks, and nothing else. That takes a token that may write the node.
 */
export class AntiEntropy {
  readonly #agenda: Agenda;
  readonly #catalog: ModelCatalog;
  readonly #access: Access;
  readonly #agents: ReadonlyMap<string, ModelAgent>;
  readonly #span: (span: readonly [number, number]) => number;

  constructor(
    agenda: Agenda,
    catalog: ModelCatalog,
    access: Access,
    agents: ReadonlyMap<string, ModelAgent>,
    span: (span: readonly [number, number]) => number,
  ) {
    this.#agenda = agenda;
    this.#catalog = catalog;
    this.#access = access;
    this.#agents = agents;
    this.#span = span;
    catalog.onChange(({ name }) => this.#differs(name));
  }

  /** The agent compares after this time at the latest. */
  syncIn(agent: ModelAgent, span: readonly [number, number]): void {
    agent.timers.synced?.();
    agent.timers.synced = this.#agenda.in(this.#span(span), () => {
      delete agent.timers.synced;
      this.#sync(agent);
    });
  }

  #differs(name: string): void {
    const agent = this.#agents.get(name);
    if (!agent?.running || agent.status === undefined || agent.timers.synced) return;
    if (this.#isSo(agent) || !this.#mayWrite(agent)) return;
    this.syncIn(agent, ANTI_ENTROPY_SECONDS);
  }

  #sync(agent: ModelAgent): void {
    if (!agent.running || this.#isSo(agent) || !this.#mayWrite(agent)) return;
    const { name, id, address, meta, services, checks } = agent;
    const before = this.#catalog.entries.get(name);
    for (const serviceId of foreign(before?.services, new Set(services.map(({ id }) => id)))) {
      this.#catalog.deregister(name, { serviceId });
    }
    for (const checkId of foreign(before?.checks, new Set([...checks.keys(), "serfHealth"]))) {
      this.#catalog.deregister(name, { checkId });
    }
    const taggedAddresses = taggedAddressesOf(agent);
    const write = { name, id, address, taggedAddresses, meta: ownMeta(meta) };
    this.#catalog.register({ ...write, services, checks: [...checks.values()] });
  }

  #mayWrite(agent: ModelAgent): boolean {
    return this.#access.mayNode(this.#access.caller(tokenInUse(agent)), "write", agent.name);
  }

  #isSo(agent: ModelAgent): boolean {
    const entry = this.#catalog.entries.get(agent.name);
    return (
      entry !== undefined &&
      entry.id === agent.id &&
      isDeepStrictEqual(entry.meta, ownMeta(agent.meta)) &&
      isDeepStrictEqual(entry.taggedAddresses, taggedAddressesOf(agent)) &&
      isDeepStrictEqual([...entry.services.values()], [...agent.services]) &&
      isDeepStrictEqual(ownChecks(entry), agent.checks)
    );
  }
}

/** What agents of 1.8.7 add of themselves; newer ones also say their version. */
function ownMeta(meta: ModelAgent["meta"]): Record<string, string> {
  return { "consul-network-segment": "", ...meta };
}

function taggedAddressesOf({ address }: ModelAgent): Record<string, string> {
  return { lan: address, lan_ipv4: address, wan: address, wan_ipv4: address };
}

function ownChecks({ checks }: ModelEntry) {
  return new Map([...checks].filter(([id]) => id !== "serfHealth"));
}

function foreign(has: ReadonlyMap<string, unknown> | undefined, own: ReadonlySet<string>) {
  return [...(has?.keys() ?? [])].filter((id) => !own.has(id));
}
