import type { Kind, Standing, Value } from "./kind.ts";
import type { SecretVersions } from "./ports.ts";

/** What a secret holds: its current version, and the value of that, as far as there are any. */
export interface Held {
  readonly version?: string;
  readonly value?: Value | undefined;
}

export async function readHeld(secret: string, secrets: SecretVersions): Promise<Held> {
  const { current: version } = await secrets.versions(secret);
  return version ? { version, value: await secrets.value(secret, version) } : {};
}

/**
 * Whether a version holds anything. Before the first value Drover makes one current that holds nothing, `{}`:
 * otherwise the first would be current before it is tested.
 */
export function holdsSomething(value: Value | undefined): value is Value {
  return value !== undefined && Object.keys(value).length > 0;
}

/** What its server says of a value; undefined when that is nothing, or dead. */
export async function identifyIn(
  kind: Kind,
  value: Value | undefined,
): Promise<Standing | undefined> {
  return holdsSomething(value) ? kind.identify(value) : undefined;
}

/** What to do about a secret that holds nothing, where what the first value may do is kept by all later ones. */
export function wantsFirstValue(secret: string): string {
  const command = `aws secretsmanager put-secret-value --secret-id ${secret} --secret-string file://first-value`;
  return `secret ${secret} holds nothing yet: put the first value into it, for what it may do is kept: ${command}`;
}
