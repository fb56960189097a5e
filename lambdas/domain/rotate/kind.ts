import type { OwnTrust } from "../../contracts/config/own-trust.ts";
import type { AttemptId } from "../../contracts/rotation-item.ts";

/** What a secret's version holds, as the fields of a JSON object; each is a secret, or beside one. */
export type Value = Readonly<Record<string, string>>;

/** What its server says of a credential that lives. */
export interface Standing {
  readonly accessor: string;
  readonly createdAt?: Date;
  /** When it ends if nobody renews it. */
  readonly expiresAt?: Date;
  /** How long it lives from its creation, or from each renewal. */
  readonly lifeSeconds?: number;
  /** When its user has last renewed it, where that can be known. */
  readonly renewedAt?: Date;
}

/** A credential and its value. */
export interface Minted extends Standing {
  readonly value: Value;
}

/** What a real call with a credential has shown. */
export type Trial = { readonly works: true } | { readonly works: false; readonly why: string };

/**
 * A kind of credential that is published in a secret. Methods throw a `PortError` when their server can't be
 * used; no message ever holds a value.
 */
export interface Kind {
  /**
   * Whether the first one can be made for a secret that holds nothing, since nothing of the one before is
   * needed: `mint` is given `{}` then. @default false
   */
  readonly beginsFromNothing?: boolean;
  /**
   * Makes a value that its server takes as it comes, so that it can be stored before it exists: then none
   * can be lost. @default the server chooses
   */
  readonly choose?: (attempt: AttemptId) => Promise<Value>;
  /**
   * Makes a credential for an attempt.
   * @param chosen what `choose` gave, where there is that: done twice it is the same as once.
   * @param before the value that is current, `{}` if there is none: what may be the same of both is taken from it.
   */
  mint(attempt: AttemptId, before: Value, chosen?: Value): Promise<Minted>;
  /**
   * The accessors of all that live and were made for an attempt.
   * @param attempt @default any one of this rotation's, as far as it can be told that nobody needs it
   */
  madeFor(attempt?: AttemptId): Promise<readonly string[]>;
  /** What its server says of a value; undefined when it does not know it: it is dead. */
  identify(value: Value): Promise<Standing | undefined>;
  /** What its server says of an accessor; undefined when it is dead. */
  lookUp(accessor: string): Promise<Standing | undefined>;
  /** A real call with it, of those it is for. */
  test(value: Value): Promise<Trial>;
  /**
   * Ends what tests of an attempt's value have left that broke off. Nobody but they may have used it yet: it
   * can't be told from what its users leave.
   * @default a test leaves nothing
   */
  readonly endTests?: (attempt: AttemptId) => Promise<void>;
  /** What else has to be so before consumers may get it. @returns why it is not so yet. @default nothing */
  readonly introduce?: (value: Value) => Promise<string | undefined>;
  /** Makes it the one that is used, where its server decides. @returns why it is not so yet. @default nothing */
  readonly use?: (value: Value) => Promise<string | undefined>;
  /** How it takes over from the one before, where others' credentials are made by it. @default none are */
  readonly issuing?: Issuing;
  /** Ends it. One that is dead already is no error. */
  revoke(accessor: string): Promise<void>;
  /** Whether its consumers renew it, so that `renewedAt` shows which one they use. */
  readonly isRenewed: boolean;
}

/**
 * How one takes over by which others' credentials are made: their users have to trust it before, and the one before
 * is needed for as long as somebody uses what that has made.
 */
export interface Issuing {
  /** The accessor of the one that issues now; undefined when none does. */
  current(): Promise<string | undefined>;
  /** Has another one issue from now on. Done twice it is the same as once. */
  takeOver(accessor: string): Promise<void>;
  /** Whether whoever reads a value trusts what another one's value is of. */
  isTrustedBy(own: Value, reader: Value): boolean;
  /** Whether Drover itself takes what the former one has issued, and would not take what the new one issues. */
  cutsOff(own: Value, former: Value, trust: OwnTrust): boolean;
  /** Whether it is the one that has issued what a value holds. */
  hasIssued(own: Value, issued: Value): boolean;
}

/** A kind of key that a cluster makes and keeps by itself. */
export interface KeptKey {
  /** The key in use. */
  newest(): Promise<{ readonly id: string; readonly createdAt: Date }>;
  /** Makes another one, and uses that from then on. */
  rotate(): Promise<void>;
}
