import { AwsError } from "../aws-error.ts";
import { CURRENT, label, labelled, type Secret, type SecretVersion } from "./secret.ts";

/** What UpdateSecretVersionStage is told. */
export interface StageMove {
  readonly stage: string;
  readonly removeFrom?: string | undefined;
  readonly moveTo?: string | undefined;
}

/**
 * Moves a staging label from one version to another, or takes it off.
 * @throws {AwsError} as UpdateSecretVersionStage does.
 */
export function moveStage(secret: Secret, { stage, removeFrom, moveTo }: StageMove): void {
  const from = removeFrom === undefined ? undefined : find(secret, removeFrom);
  const to = moveTo === undefined ? undefined : find(secret, moveTo);
  const bearer = labelled(secret, stage);
  if (!to) {
    if (stage === CURRENT) {
      throw invalid(
        "You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.",
      );
    }
    if (!from || from !== bearer) throw wrongVersion(stage);
    from.stages.delete(stage);
    return;
  }
  if (bearer === to) return;
  if (bearer && !from) {
    throw invalid(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${bearer.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  if (from !== bearer) throw wrongVersion(stage);
  label(secret, to, stage);
}

function find({ versions }: Secret, versionId: string): SecretVersion {
  const found = versions.find(({ id }) => id === versionId);
  if (found) return found;
  const text = `Secrets Manager can't find the specified secret version: ${versionId}.`;
  throw new AwsError("ResourceNotFoundException", text);
}

function wrongVersion(stage: string): AwsError {
  return invalid(
    `When you move staging label ${stage}, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label ${stage}.`,
  );
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
