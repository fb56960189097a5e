/** A node in the catalog. */
export interface ModelEntry {
  readonly name: string;
  /** Empty for one that was registered without. */
  id: string;
  address: string;
  taggedAddresses: Readonly<Record<string, string>> | null;
  meta: Readonly<Record<string, string>> | null;
  readonly services: Map<string, ModelService>;
  readonly checks: Map<string, ModelCheck>;
  readonly createIndex: number;
  modifyIndex: number;
}

export interface ModelService {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly tags: readonly string[];
  readonly address: string;
}

export type CheckStatus = "passing" | "warning" | "critical";

export interface ModelCheck {
  readonly id: string;
  readonly name: string;
  readonly status: CheckStatus;
  readonly output: string;
  /** Empty for a check of the node itself. */
  readonly serviceId: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

/** What a write says of a node: what is left out stays, but for the fields of the node itself. */
export interface EntryWrite {
  readonly name: string;
  readonly id?: string | undefined;
  readonly address: string;
  readonly taggedAddresses?: Readonly<Record<string, string>> | null | undefined;
  readonly meta?: Readonly<Record<string, string>> | null | undefined;
  /** Leaves an entry's own fields as they are. */
  readonly skipNodeUpdate?: boolean | undefined;
  readonly services?: readonly ModelService[];
  readonly checks?: readonly ModelCheck[];
}
