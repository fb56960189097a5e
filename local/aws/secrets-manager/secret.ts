export const CURRENT = "AWSCURRENT";
export const PREVIOUS = "AWSPREVIOUS";
export const PENDING = "AWSPENDING";

/** A version of a secret; one without labels is deprecated, and may be deleted at any time. */
export interface SecretVersion {
  readonly id: string;
  /** Undefined as long as a rotation has begun that nobody has given a value. */
  value: string | undefined;
  readonly createdAt: Date;
  /** Its staging labels. */
  readonly stages: Set<string>;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly versions: SecretVersion[];
}

/** The version that bears a label. */
export function labelled({ versions }: Secret, stage: string): SecretVersion | undefined {
  return versions.find(({ stages }) => stages.has(stage));
}

/** Puts a label on a version: only one bears it, and what was current before becomes the previous one. */
export function label(secret: Secret, version: SecretVersion, stage: string): void {
  const before = labelled(secret, stage);
  if (before === version) return;
  before?.stages.delete(stage);
  version.stages.add(stage);
  if (before && stage === CURRENT) label(secret, before, PREVIOUS);
}
