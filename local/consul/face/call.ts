import type { Caller } from "../access.ts";
import type { ConsulModel } from "../model.ts";

/** What a route is called with. */
export interface Call {
  readonly model: ConsulModel;
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly caller: Caller;
  readonly body: string;
}

/** A route's answer: a value goes out as JSON. */
export interface Reply {
  /** Undefined for an empty body. */
  readonly value?: unknown;
  /** Whether it is a read, which has index headers. */
  readonly isRead?: boolean;
}

/** A status other than 200, with the text Consul gives. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

export function permissionDenied(): Refusal {
  return new Refusal(403, "Permission denied");
}
