/** What a port can fail with. "Not there", "not yet" and "not ours" are results, never errors. */
export type PortErrorKind =
  /** No answer, a time-out or a 5xx: it may work in a moment. */
  | "unavailable"
  /** Told to slow down. */
  | "throttled"
  /** The credentials may not do this: waiting does not help, an operator has to. */
  | "denied"
  /** The call itself is wrong or the answer can't be read: a defect. */
  | "invalid";

/** A call through a port failed. The message names the call and never holds a secret. */
export class PortError extends Error {
  override readonly name = "PortError";
  /** Which system failed: `nomad`, `auto-scaling`, `ec2`, … */
  readonly system: string;
  readonly kind: PortErrorKind;

  constructor(system: string, kind: PortErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.system = system;
    this.kind = kind;
  }
}
