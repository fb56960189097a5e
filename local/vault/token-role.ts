/** What `auth/token/create/:role` makes tokens by. */
export interface TokenRole {
  readonly isOrphan: boolean;
  /** 0: the tokens are not periodic. */
  readonly periodSeconds: number;
  /** Empty: those of whoever asks. */
  readonly allowedPolicies: readonly string[];
  readonly isRenewable: boolean;
  /** 0: any number. */
  readonly numUses: number;
  /** Where the tokens may come from; empty: from anywhere. */
  readonly boundCidrs: readonly string[];
}

/** One that nothing was said of. */
export const NEW_TOKEN_ROLE: TokenRole = {
  isOrphan: false,
  periodSeconds: 0,
  allowedPolicies: [],
  isRenewable: true,
  numUses: 0,
  boundCidrs: [],
};
