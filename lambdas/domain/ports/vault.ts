import type { NodeId } from "../../contracts/ids.ts";

/** A secret id in its wrapping: whoever unwraps it first has it, and nobody else. */
export interface WrappedSecretId {
  readonly roleId: string;
  readonly mount: string;
  readonly wrappingToken: string;
  /** What a lookup of the wrapping token has to say. */
  readonly creationPath: string;
  /** Destroys the secret id, when it could not be handed on. */
  destroy(): Promise<void>;
}

/**
 * Vault or OpenBao. Every method throws a `PortError` of system `vault` for 403 (`denied`), 429
 * (`throttled`), 5xx and silence (`unavailable`).
 */
export interface Vault {
  /**
   * Makes a secret id for one login, with the node's id in its metadata, in a wrapping.
   * @param ttlSeconds of the wrapping and of the secret id.
   */
  wrapSecretId(id: NodeId, ttlSeconds: number): Promise<WrappedSecretId>;
  /** Destroys the secret ids of a node that nobody has used. @returns how many there were. */
  destroySecretIds(id: NodeId): Promise<number>;
  /**
   * Revokes the token with this accessor, if it was got with a secret id of this node.
   * @returns undefined when there is no such token, `another's` when it is not this node's.
   */
  revokeToken(id: NodeId, accessor: string): Promise<"done" | "another's" | undefined>;
}
