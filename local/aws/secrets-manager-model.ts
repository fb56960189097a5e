import { AwsError } from "./aws-error.ts";
import { type AwsContext, arn } from "./context.ts";

export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  readonly createdAt: Date;
  readonly stages: Set<string>;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly versions: SecretVersion[];
}

const CURRENT = "AWSCURRENT";
const PREVIOUS = "AWSPREVIOUS";

/** Secrets, their versions and stages. */
export class SecretsManagerModel {
  readonly #context: AwsContext;
  readonly #secrets = new Map<string, Secret>();

  constructor(context: AwsContext) {
    this.#context = context;
  }

  /** @throws {AwsError} ResourceExistsException. */
  create(name: string, value: string): Secret {
    if (this.#secrets.has(name)) {
      const text = `The operation failed because the secret ${name} already exists.`;
      throw new AwsError("ResourceExistsException", text);
    }
    // AWS puts six characters of its own after the name.
    const suffix = this.#context.ids.next().toString(36).padStart(6, "0");
    const secretArn = arn(this.#context, "secretsmanager", `secret:${name}-${suffix}`);
    const secret = { name, arn: secretArn, versions: [] };
    this.#secrets.set(name, secret);
    this.put(name, value);
    return secret;
  }

  /**
   * A new version. When it takes AWSCURRENT, the current one before becomes AWSPREVIOUS.
   * @param id the client's request token.
   */
  put(idOrArn: string, value: string, stages = [CURRENT], id?: string): SecretVersion {
    const { ids, clock } = this.#context;
    const { versions } = this.secret(idOrArn);
    const before = versions.find((version) => version.stages.has(CURRENT));
    for (const version of versions) for (const stage of stages) version.stages.delete(stage);
    if (before && stages.includes(CURRENT)) {
      for (const version of versions) version.stages.delete(PREVIOUS);
      before.stages.add(PREVIOUS);
    }
    const createdAt = clock.now();
    const version = { id: id ?? ids.uuid(), value, createdAt, stages: new Set(stages) };
    versions.push(version);
    return version;
  }

  /** The version with a stage or id. @throws {AwsError} ResourceNotFoundException. */
  get(idOrArn: string, { stage = CURRENT, versionId = "" } = {}): SecretVersion {
    const { versions } = this.secret(idOrArn);
    const found = versions.find((version) =>
      versionId ? version.id === versionId : version.stages.has(stage),
    );
    if (found) return found;
    const wanted = versionId ? `VersionId: ${versionId}` : `staging label: ${stage}`;
    throw notFound(`Secrets Manager can't find the specified secret value for ${wanted}`);
  }

  /** @throws {AwsError} ResourceNotFoundException. */
  secret(idOrArn: string): Secret {
    for (const secret of this.#secrets.values()) {
      if (secret.name === idOrArn || secret.arn === idOrArn) return secret;
    }
    throw notFound("Secrets Manager can't find the specified secret.");
  }
}

function notFound(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message);
}
