import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { PortError } from "../../domain/ports/errors.ts";
import type { SecretVersions, Versions } from "../../domain/rotate/ports.ts";
import { readValue, writeValue } from "./secret-value.ts";
import { withoutValue } from "./without-value.ts";

const SYSTEM = "secrets-manager";
const CURRENT = "AWSCURRENT";
const PENDING = "AWSPENDING";

/** The version that holds nothing, by id and label: one of a secret, however often it is asked for. */
const NOTHING = "d0000000-0000-4000-8000-000000000000";
const NOTHING_LABEL = "DROVERNOTHING";

/**
 * The versions of secrets in Secrets Manager; no error ever holds a value.
 *
 * Secrets Manager never deletes a version with a staging label. The one that was current before bears
 * AWSPREVIOUS, which follows AWSCURRENT by itself, and so stays readable as long as nobody makes a third
 * version current. After that, and once it is no longer pending, a version has no label: Secrets Manager keeps
 * it for a day at least, and deletes it when the secret has more than a hundred. `value` then knows none, and
 * what it held has to be ended by its accessor.
 */
export function createSecretVersions(client: SecretsManagerClient): SecretVersions {
  async function versions(secret: string): Promise<Versions> {
    const { VersionIdsToStages = {} } = await call(secret, "secretsmanager:DescribeSecret", () =>
      client.send(new DescribeSecretCommand({ SecretId: secret })),
    );
    const withLabel = (label: string) =>
      Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes(label))?.[0];
    return { current: withLabel(CURRENT), pending: withLabel(PENDING) };
  }

  async function moveLabel(secret: string, VersionStage: string, move: Move): Promise<void> {
    const input = {
      SecretId: secret,
      VersionStage,
      ...(move.from && { RemoveFromVersionId: move.from }),
      ...(move.to && { MoveToVersionId: move.to }),
    };
    await call(secret, "secretsmanager:UpdateSecretVersionStage", () =>
      client.send(new UpdateSecretVersionStageCommand(input)),
    );
  }

  return {
    versions,
    async value(secret, version) {
      const command = new GetSecretValueCommand({ SecretId: secret, VersionId: version });
      const text = await client.send(command).then(
        ({ SecretString }) => SecretString ?? binary(secret),
        (cause: unknown) => {
          // A rotation that Secrets Manager has begun has a version, and no value yet.
          if (isNamed(cause, "ResourceNotFoundException")) return undefined;
          throw explain(secret, "secretsmanager:GetSecretValue", cause);
        },
      );
      return text === undefined ? undefined : readValue(text, secret);
    },
    async putNothing(secret) {
      const command = new PutSecretValueCommand({
        SecretId: secret,
        ClientRequestToken: NOTHING,
        SecretString: writeValue({}),
        VersionStages: [NOTHING_LABEL],
      });
      await call(secret, "secretsmanager:PutSecretValue", () => client.send(command));
      // The first version is current by itself, unless Secrets Manager has begun one that is pending. Without a
      // version to take the label from, this fails where another is current meanwhile.
      const { current } = await versions(secret);
      if (!current) await moveLabel(secret, CURRENT, { to: NOTHING });
    },
    async putPending(secret, version, value) {
      const command = new PutSecretValueCommand({
        SecretId: secret,
        ClientRequestToken: version,
        SecretString: writeValue(value),
        VersionStages: [PENDING],
      });
      await call(secret, "secretsmanager:PutSecretValue", () => client.send(command));
    },
    async promote(secret, version) {
      const { current, pending } = await versions(secret);
      if (current !== version) await moveLabel(secret, CURRENT, { from: current, to: version });
      if (pending === version) await moveLabel(secret, PENDING, { from: version });
    },
    async dropPending(secret, version) {
      const { pending } = await versions(secret);
      if (pending === version) await moveLabel(secret, PENDING, { from: version });
    },
  };
}

interface Move {
  readonly from?: string | undefined;
  readonly to?: string;
}

async function call<T>(secret: string, action: string, send: () => Promise<T>): Promise<T> {
  return send().catch((cause: unknown) => {
    throw explain(secret, action, cause);
  });
}

function explain(secret: string, action: string, cause: unknown): PortError {
  if (isNamed(cause, "ResourceNotFoundException")) {
    const text = `${action}: there is no secret ${secret}, or no such version of it: create it, or correct its name in the configuration`;
    return new PortError(SYSTEM, "invalid", text, { cause });
  }
  if (isNamed(cause, "ResourceExistsException")) {
    const text = `${action}: the version of secret ${secret} that was to be made has another value already`;
    return new PortError(SYSTEM, "invalid", text, { cause });
  }
  const error = withoutValue(SYSTEM, action, cause);
  const text = `secret ${secret}: ${error.message}`;
  return new PortError(SYSTEM, error.kind, text, { cause: error.cause });
}

function binary(secret: string): never {
  throw new PortError(SYSTEM, "invalid", `secret ${secret} is binary; it must hold text`);
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
