/** Seconds, from the least to the most. What a real Consul 1.8.7 took, or what its source says. */
type Span = readonly [least: number, most: number];

/** An agent that starts, or is heard of again, is a member after this. */
export const JOIN_SECONDS: Span = [0.5, 2];
/** An agent that has joined writes its own entry after this. */
export const FIRST_SYNC_SECONDS: Span = [0.1, 3];
/** An agent's change of a check is in the catalog after this. */
export const CHECK_SYNC_SECONDS: Span = [0.05, 0.5];
/** A silent agent counts as failed after this: Serf probes each second, then suspects it a while. */
export const FAILED_SECONDS: Span = [4, 10];
/**
 * An agent compares the catalog with what it has each minute, put off by up to as much (in a cluster
 * of at most 128 nodes: more have longer to wait). Until then is left:
 */
export const ANTI_ENTROPY_SECONDS: Span = [0, 120];
/** A failed member is forgotten after this (`reconnect_timeout`), and its entry goes. */
export const REAPED_SECONDS = 72 * 3_600;
/** The leader compares the catalog with the members each minute. */
export const RECONCILE_SECONDS = 60;
