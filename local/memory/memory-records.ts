/** Versioned records in memory. What is kept is a copy that can't be changed, so everyone may get the same. */
export class MemoryRecords<Id, Stored extends { readonly version: number }> {
  readonly #idOf: (record: Stored) => Id;
  readonly #records = new Map<Id, Stored>();

  constructor(idOf: (record: Stored) => Id) {
    this.#idOf = idOf;
  }

  async get(id: Id): Promise<Stored | undefined> {
    return this.#records.get(id);
  }

  async put(record: Stored): Promise<Stored | undefined> {
    const id = this.#idOf(record);
    const version = this.#records.get(id)?.version ?? 0;
    if (version !== record.version) return undefined;
    const stored = frozen(structuredClone({ ...record, version: version + 1 }));
    this.#records.set(id, stored);
    return stored;
  }

  all(): Stored[] {
    return [...this.#records.values()];
  }
}

function frozen<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) if (part && typeof part === "object") frozen(part);
  return Object.freeze(value);
}
