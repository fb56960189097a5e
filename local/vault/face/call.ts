import type { VaultModel } from "../model.ts";
import type { ModelToken } from "../tokens.ts";

export type Operation = "read" | "list" | "update" | "delete";

/** What a route is called with. */
export interface Call {
  readonly model: VaultModel;
  readonly params: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
  /** The caller's; undefined on routes that ask for none. */
  readonly token: ModelToken | undefined;
  /** As it came, for routes that look at it themselves. */
  readonly tokenText: string;
  /** What `X-Vault-Wrap-TTL` asks for; 0: no wrapping. */
  readonly wrapSeconds: number;
}

/** What a route answers: parts of the envelope; undefined is a 204. */
export interface Reply {
  readonly data?: unknown;
  readonly auth?: unknown;
  readonly warnings?: readonly string[];
  readonly leaseId?: string;
  readonly leaseSeconds?: number;
  /** @default 200 */
  readonly status?: number;
  /** The whole body, of the few answers without an envelope. */
  readonly plain?: unknown;
  /** Beside the envelope's own fields. */
  readonly beside?: Readonly<Record<string, unknown>>;
}

/** A status with `{"errors": […]}`. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly errors: readonly string[];

  constructor(status: number, ...errors: readonly string[]) {
    super(errors.join());
    this.status = status;
    this.errors = errors;
  }
}

/** As the backends' own errors look, and what policies deny. */
export function oneError(status: number, text: string): Refusal {
  return new Refusal(status, `1 error occurred:\n\t* ${text}\n\n`);
}

/** A text of the body; empty when there is none. */
export function textOf({ body }: Call, field: string): string {
  const value = body[field];
  return typeof value === "string" ? value : "";
}
