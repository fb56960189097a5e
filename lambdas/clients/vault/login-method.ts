/** What a login sends. */
export interface LoginRequest {
  /** Of the auth method. */
  readonly mount: string;
  readonly body: Readonly<Record<string, string>>;
  /** What of the body may stand in no message. */
  readonly secrets: readonly string[];
}

/** A way to log in to Vault. */
export interface LoginMethod {
  request(): Promise<LoginRequest>;
  /** Asked once after a refusal: with its secrets fetched anew, since they may have been rotated. */
  freshRequest?(): Promise<LoginRequest>;
}
