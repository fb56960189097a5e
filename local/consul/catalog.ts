import type { EntryWrite, ModelCheck, ModelEntry } from "./entry.ts";

/** An entry of the catalog is no longer as it was. */
export interface CatalogChange {
  readonly at: Date;
  readonly name: string;
  /** Undefined when the entry is gone. */
  readonly entry: ModelEntry | undefined;
}

export type ChangeListener = (change: CatalogChange) => void;

/** What Consul's servers have in their catalog, with an index that each write raises. */
export class ModelCatalog {
  readonly entries = new Map<string, ModelEntry>();
  readonly #now: () => Date;
  readonly #listeners = new Set<ChangeListener>();
  index = 1;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** The node of that name, when it has another id and is not seen to have failed: none may take it. */
  ownerOf(name: string, id: string): ModelEntry | undefined {
    const entry = this.entries.get(name);
    if (!id || !entry?.id || entry.id === id) return undefined;
    return entry.checks.get("serfHealth")?.status === "critical" ? undefined : entry;
  }

  /** A write without metadata leaves the node without any, as in Consul. */
  register(write: EntryWrite): ModelEntry {
    const index = ++this.index;
    const before = this.entries.get(write.name);
    const entry = before ?? newEntry(write.name, index);
    if (!before || !write.skipNodeUpdate) {
      entry.id = write.id ?? "";
      entry.address = write.address;
      entry.taggedAddresses = write.taggedAddresses ?? null;
      entry.meta = write.meta ?? null;
    }
    for (const service of write.services ?? []) entry.services.set(service.id, service);
    for (const check of write.checks ?? []) entry.checks.set(check.id, check);
    entry.modifyIndex = index;
    this.entries.set(write.name, entry);
    this.#tell(write.name);
    return entry;
  }

  setCheck(entry: ModelEntry, check: ModelCheck): void {
    entry.checks.set(check.id, check);
    entry.modifyIndex = ++this.index;
    this.#tell(entry.name);
  }

  /** Whatever is not there is done. */
  deregister(name: string, what: { readonly serviceId?: string; readonly checkId?: string } = {}) {
    const entry = this.entries.get(name);
    if (!entry) return;
    this.index++;
    if (what.serviceId) {
      entry.services.delete(what.serviceId);
      for (const check of [...entry.checks.values()]) {
        if (check.serviceId === what.serviceId) entry.checks.delete(check.id);
      }
    } else if (what.checkId) entry.checks.delete(what.checkId);
    else this.entries.delete(name);
    this.#tell(name);
  }

  /** Calls the listener after each change, until the returned function is called. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(name: string): void {
    const change = { at: this.#now(), name, entry: this.entries.get(name) };
    for (const listener of this.#listeners) listener(change);
  }
}

function newEntry(name: string, index: number): ModelEntry {
  return {
    name,
    id: "",
    address: "",
    taggedAddresses: null,
    meta: null,
    services: new Map(),
    checks: new Map(),
    createIndex: index,
    modifyIndex: index,
  };
}
