/** What a secrets engine issued. */
export interface Issued {
  /** As the answer has it: `secret_id` and `accessor_id` of Nomad, `token` and `accessor` of Consul. */
  readonly data: Readonly<Record<string, string>>;
  /** Ends it where it was issued. */
  revoke(): void;
}

/** A secrets engine for the tokens of another system. */
export interface Engine {
  readonly ttlSeconds: number;
  /** @returns undefined when there is no such role. */
  issue(role: string): Issued | undefined;
}
