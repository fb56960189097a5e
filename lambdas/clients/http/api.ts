import type { PortErrorKind } from "../../domain/ports/errors.ts";

/** A call as messages name it. */
export interface NamedCall {
  readonly method: string;
  /** The path without its query, which can be thousands of characters of filter. */
  readonly path: string;
}

/** `absent`: it does not know the thing asked for. `answer`: it is to be read as a 2xx is. */
export type Meaning = PortErrorKind | "absent" | "answer";

/** How one system's HTTP API differs from another's. */
export interface Api {
  /** The `system` of its errors, for example `nomad`. */
  readonly system: string;
  /** Its name in messages, for example `Nomad`. */
  readonly title: string;
  /** The header that carries the token. */
  readonly tokenHeader: string;
  /** The setting that names its address; for messages. */
  readonly addressSetting: string;
  /** What an answer other than 2xx means. */
  meaningOf(status: number, body: string, call: NamedCall): Meaning;
  /** What an operator has to do after a 403. */
  fixForDenied(call: NamedCall, hasToken: boolean): string;
}
