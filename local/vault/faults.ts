/** What can be wrong with Vault's servers as a caller sees it. */
export type FaultKind =
  /** Nobody answers: the connection is refused or dropped. */
  | "away"
  /** 429: a rate limit quota. */
  | "throttled"
  /** 503: this server is sealed. */
  | "sealed"
  /** 500: a standby that has not found an active server yet, such as one that has just been unsealed. */
  | "no-active"
  /** 403: the token is unknown, whatever it is. */
  | "denied"
  /** The request is carried out, but the answer never arrives. */
  | "answer-lost";
