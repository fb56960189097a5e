import { AwsError } from "../aws-error.ts";
import { type AwsContext, arn } from "../context.ts";
import { moveStage, type StageMove } from "./move-stage.ts";
import { CURRENT, label, labelled, PENDING, type Secret, type SecretVersion } from "./secret.ts";
import { makeRoom } from "./version-limit.ts";

/** A version whose value can be read. */
type ReadableVersion = SecretVersion & { readonly value: string };

/** Secrets, their versions and stages. */
export class SecretsManagerModel {
  readonly #context: AwsContext;
  readonly #secrets = new Map<string, Secret>();
  readonly #listeners = new Set<(secret: Secret) => void>();

  constructor(context: AwsContext) {
    this.#context = context;
  }

  /**
   * @param value of its first version. @default it has no version yet
   * @param id of that version: the client's request token.
   * @throws {AwsError} ResourceExistsException.
   */
  create(name: string, value?: string, id?: string): Secret {
    const before = this.#secrets.get(name);
    if (before?.versions.some((each) => each.id === id && each.value === value)) return before;
    if (before) {
      const text = `The operation failed because the secret ${name} already exists.`;
      throw new AwsError("ResourceExistsException", text);
    }
    // AWS puts six characters of its own after the name.
    const suffix = this.#context.ids.next().toString(36).padStart(6, "0");
    const secretArn = arn(this.#context, "secretsmanager", `secret:${name}-${suffix}`);
    const secret = { name, arn: secretArn, versions: [] };
    this.#secrets.set(name, secret);
    if (value !== undefined) this.put(name, value, [CURRENT], id);
    return secret;
  }

  /** Deletes a secret for good, without the days in which it could be restored. */
  delete(idOrArn: string): void {
    this.#secrets.delete(this.secret(idOrArn).name);
  }

  /** Calls the listener when versions of a secret, or their labels, have changed. */
  onChange(listener: (secret: Secret) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Gives a version its value. A version that has one keeps it, and with the same value nothing is done.
   * @param id the client's request token.
   * @throws {AwsError} ResourceExistsException, LimitExceededException.
   */
  put(idOrArn: string, value: string, stages = [CURRENT], id?: string): SecretVersion {
    const secret = this.secret(idOrArn);
    const before = secret.versions.find((each) => each.id === id);
    if (before?.value === value) return before;
    if (before && before.value !== undefined) {
      const text = `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`;
      throw new AwsError("ResourceExistsException", text);
    }
    const isFirst = secret.versions.length === 0;
    const version = before ?? this.#add(secret, id);
    version.value = value;
    for (const stage of isFirst ? new Set([CURRENT, ...stages]) : stages) {
      label(secret, version, stage);
    }
    this.#changed(secret);
    return version;
  }

  /**
   * What RotateSecret does before it calls the rotation's function: a pending version without a value.
   * @throws {AwsError} InvalidRequestException while the version of another rotation is pending.
   */
  beginRotation(idOrArn: string, id?: string): SecretVersion {
    const secret = this.secret(idOrArn);
    const pending = labelled(secret, PENDING);
    if (pending && !pending.stages.has(CURRENT)) {
      const text = "A previous rotation isn't complete. That rotation will be reattempted.";
      throw new AwsError("InvalidRequestException", text);
    }
    const version = this.#add(secret, id);
    label(secret, version, PENDING);
    this.#changed(secret);
    return version;
  }

  /** The version with a stage or id, or with both. @throws {AwsError} ResourceNotFoundException. */
  get(
    idOrArn: string,
    { stage, versionId }: { stage?: string | undefined; versionId?: string | undefined } = {},
  ): ReadableVersion {
    const secret = this.secret(idOrArn);
    const found =
      versionId === undefined
        ? labelled(secret, stage ?? CURRENT)
        : secret.versions.find(({ id }) => id === versionId);
    if (!found || !isReadable(found)) {
      const wanted = versionId ? `VersionId: ${versionId}` : `staging label: ${stage ?? CURRENT}`;
      throw notFound(`Secrets Manager can't find the specified secret value for ${wanted}`);
    }
    if (stage === undefined || found.stages.has(stage)) return found;
    const text = "You provided a VersionStage that is not associated to the provided VersionId.";
    throw new AwsError("InvalidRequestException", text);
  }

  /** @throws {AwsError} as UpdateSecretVersionStage does. */
  moveStage(idOrArn: string, move: StageMove): void {
    const secret = this.secret(idOrArn);
    moveStage(secret, move);
    this.#changed(secret);
  }

  /** The secret with a name, an ARN, or an ARN without AWS's own six characters. */
  secret(idOrArn: string): Secret {
    for (const secret of this.#secrets.values()) {
      const { name, arn } = secret;
      if ([name, arn, arn.slice(0, -7)].includes(idOrArn)) return secret;
    }
    throw notFound("Secrets Manager can't find the specified secret.");
  }

  #changed(secret: Secret): void {
    for (const listener of this.#listeners) listener(secret);
  }

  #add(secret: Secret, id?: string): SecretVersion {
    const { ids, clock } = this.#context;
    makeRoom(secret, clock.now());
    const version: SecretVersion = {
      id: id ?? ids.uuid(),
      value: undefined,
      createdAt: clock.now(),
      stages: new Set(),
    };
    secret.versions.push(version);
    return version;
  }
}

function isReadable(version: SecretVersion): version is ReadableVersion {
  return version.value !== undefined;
}

function notFound(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message);
}
