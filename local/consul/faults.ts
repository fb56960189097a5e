/** What can be wrong with Consul's servers as a caller sees it. */
export type FaultKind =
  /** Nobody answers: the connection is refused or dropped. */
  | "away"
  /** 429: too many connections, or too many requests for this server. */
  | "throttled"
  /** 500: the servers have no leader. */
  | "no-leader"
  /** 503: no server can take the request now. */
  | "overloaded"
  /** 403 for whatever token. */
  | "denied"
  /** The request is carried out, but the answer never arrives. */
  | "answer-lost";
