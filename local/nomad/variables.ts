export type Items = Readonly<Record<string, string>>;

export interface ModelVariable {
  readonly namespace: string;
  readonly path: string;
  readonly items: Items;
  readonly createdAt: Date;
  readonly createIndex: number;
  readonly modifiedAt: Date;
  readonly modifyIndex: number;
}

/** What is stored for jobs, by namespace and path. Nobody looks whether there is such a namespace. */
export class Variables {
  readonly #now: () => Date;
  readonly #all = new Map<string, ModelVariable>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  get(namespace: string, path: string): ModelVariable | undefined {
    return this.#all.get(keyOf(namespace, path));
  }

  /** Writes all its items anew: those it had are gone. */
  put(namespace: string, path: string, items: Items, index: number): ModelVariable {
    const now = this.#now();
    const { createdAt = now, createIndex = index } = this.get(namespace, path) ?? {};
    const written = { namespace, path, items, createdAt, createIndex };
    const variable = { ...written, modifiedAt: now, modifyIndex: index };
    this.#all.set(keyOf(namespace, path), variable);
    return variable;
  }
}

function keyOf(namespace: string, path: string): string {
  return `${namespace} ${path}`;
}
