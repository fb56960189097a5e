export type ParameterType = "String" | "StringList" | "SecureString";
export type ParameterTier = "Standard" | "Advanced";

/** One policy of a parameter, as PutParameter takes it. */
export interface ParameterPolicy {
  readonly Type: string;
  readonly Version: string;
  readonly Attributes: Readonly<Record<string, string>>;
}

/** A parameter of Parameter Store. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly value: string;
  readonly version: number;
  readonly tier: ParameterTier;
  readonly keyId?: string;
  readonly policies: readonly ParameterPolicy[];
  readonly tags: ReadonlyMap<string, string>;
  readonly modifiedAt: Date;
}

/** What PutParameter is told. */
export interface ParameterInput {
  readonly name: string;
  readonly value: string;
  /** Needed for a new parameter alone. */
  readonly type?: ParameterType;
  readonly tier?: ParameterTier | "Intelligent-Tiering";
  readonly overwrite?: boolean;
  readonly keyId?: string;
  /** A JSON array. */
  readonly policies?: string;
  readonly tags?: ReadonlyMap<string, string>;
}
