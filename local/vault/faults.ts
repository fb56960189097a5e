/** What can be wrong with Vault's servers as a caller sees it. */
export type FaultKind =
  /** Nobody answers: the connection is refused or dropped. */
  | "away"
  /** 429: a rate limit quota. */
  | "throttled"
  /** 503: this server is sealed. */
  | "sealed"
  /** A standby of OpenBao whose active server is gone: it answers what it can read, and 307 to all else. */
  | "no-active"
  /** 403: the token is unknown, whatever it is. */
  | "denied"
  /** The request is carried out, but the answer never arrives. */
  | "answer-lost";
