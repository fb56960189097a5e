import type { Token } from "../access.ts";
import type { NomadModel } from "../model.ts";

/** What a route is called with. */
export interface Call {
  readonly model: NomadModel;
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  /** The caller's; undefined for none, or one that is not, or is no more. */
  readonly token: Token | undefined;
  /** What the caller has sent as a token. */
  readonly secretId: string | undefined;
  readonly body: string;
}

/** A route's answer: a value goes out as JSON, with the index headers of reads or writes; undefined is empty. */
export interface Reply {
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default 200 */
  readonly status?: number;
}

/** A status other than 200, with the text Nomad gives. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, text: string, headers: Readonly<Record<string, string>> = {}) {
    super(text);
    this.status = status;
    this.headers = headers;
  }
}
