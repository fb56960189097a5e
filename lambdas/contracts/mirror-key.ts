/** The alias of the KMS key that new mirrors of secrets are encrypted with. */
export function mirrorKeyAlias(deployment: string): string {
  return `alias/${deployment}-rotated-parameters`;
}
