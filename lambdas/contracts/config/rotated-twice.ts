/** Of these a cluster has one, however many rotations name it. */
const ONE_EACH: readonly string[] = [
  "consul-gossip-key",
  "nomad-gossip-key",
  "nomad-root-key",
  "vault-barrier-key",
];

/** What says of a rotation what it is of. */
interface Rotated {
  readonly name: string;
  readonly kind: string;
  readonly secret?: string;
  readonly parameter?: string | undefined;
  readonly wrapped?: { readonly path: string } | undefined;
  readonly nomadVariable?: { readonly namespace: string; readonly path: string } | undefined;
  readonly mount?: string;
  readonly server?:
    | { readonly address: string; readonly namespace?: string | undefined }
    | undefined;
}

/** A field of a rotation by which it rotates the same as one before it. */
export interface RotatedTwice {
  readonly path: readonly [number, string];
  readonly message: string;
}

/**
 * Two rotations of the same thing would revoke what the other one has just published: each has a record of its
 * own, and so neither waits for the other.
 */
export function rotatedTwice(rotations: readonly Rotated[]): readonly RotatedTwice[] {
  const found: RotatedTwice[] = [];
  const owners = new Map<string, Rotated>();
  for (const [index, rotation] of rotations.entries()) {
    for (const { field, key } of thingsOf(rotation)) {
      const owner = owners.get(key);
      owners.set(key, owner ?? rotation);
      if (owner) found.push({ path: [index, field], message: `${owner.name} rotates it already` });
    }
  }
  return found;
}

function thingsOf(rotation: Rotated): readonly { field: string; key: string }[] {
  const { kind, name } = rotation;
  const things = [{ field: "name", key: `name ${name}` }];
  if (ONE_EACH.includes(kind)) things.push({ field: "kind", key: `kind ${kind}` });
  const { secret, parameter, nomadVariable, wrapped } = rotation;
  if (secret) things.push({ field: "secret", key: `secret ${nameOf(secret)}` });
  if (parameter) things.push({ field: "parameter", key: `parameter ${parameter}` });
  if (wrapped) things.push({ field: "wrapped", key: `parameters under ${wrapped.path}` });
  if (nomadVariable) {
    const { namespace, path } = nomadVariable;
    things.push({ field: "nomadVariable", key: `variable ${namespace} ${path}` });
  }
  if (kind === "vault-ca") {
    const { mount, server } = rotation;
    things.push({ field: "mount", key: `ca ${server?.address} ${server?.namespace} ${mount}` });
  }
  return things;
}

/** The end of a secret's ARN; Secrets Manager puts a hyphen and six characters behind the name. */
const ARN_END = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:(.+)-[A-Za-z0-9]{6}$/;

/** A secret's name, by which it is known as well as by its ARN. */
function nameOf(nameOrArn: string): string {
  return ARN_END.exec(nameOrArn)?.[1] ?? nameOrArn;
}

/** Whether it is a name, or an ARN to its end: Secrets Manager tells the whole one when it asks for a step. */
export function isWholeName(nameOrArn: string): boolean {
  return !nameOrArn.startsWith("arn:") || ARN_END.test(nameOrArn);
}
