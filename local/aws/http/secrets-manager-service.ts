import * as z from "zod";
import type { AwsModel } from "../aws-model.ts";
import type { SecretVersion } from "../secrets-manager/secret.ts";
import { type JsonService, jsonAction } from "./json-service.ts";
import { pageOf } from "./paging.ts";

const OfSecret = z.object({ SecretId: z.string().min(1).max(2_048) });
const Name = z.string().regex(/^[A-Za-z0-9/_+=.@!-]{1,512}$/);
const SecretString = z.string().max(65_536);
const VersionId = z.string().min(32).max(64);
const VersionStage = z.string().min(1).max(256);
const seconds = (at: Date) => at.getTime() / 1_000;

/** Secrets Manager, text secrets. */
export function secretsManagerService({ secrets }: AwsModel): JsonService {
  const named = (id: string) => {
    const { arn, name, versions } = secrets.secret(id);
    return { head: { ARN: arn, Name: name }, versions };
  };
  return {
    prefix: "secretsmanager",
    target: "secretsmanager",
    contentType: "application/x-amz-json-1.1",
    actions: {
      CreateSecret: jsonAction(
        z.object({
          Name,
          SecretString: SecretString.optional(),
          ClientRequestToken: VersionId.optional(),
        }),
        ({ Name, SecretString, ClientRequestToken }) => {
          const { arn, versions } = secrets.create(Name, SecretString, ClientRequestToken);
          return { ARN: arn, Name, VersionId: versions[0]?.id };
        },
      ),
      GetSecretValue: jsonAction(
        OfSecret.extend({ VersionStage: VersionStage.optional(), VersionId: VersionId.optional() }),
        ({ SecretId, VersionStage: stage, VersionId: versionId }) => {
          const version = secrets.get(SecretId, { stage, versionId });
          return { ...named(SecretId).head, ...versionJson(version), SecretString: version.value };
        },
      ),
      PutSecretValue: jsonAction(
        OfSecret.extend({
          SecretString,
          ClientRequestToken: VersionId.optional(),
          VersionStages: z.array(VersionStage).min(1).max(20).optional(),
        }),
        ({ SecretId, SecretString, ClientRequestToken, VersionStages }) => {
          const version = secrets.put(SecretId, SecretString, VersionStages, ClientRequestToken);
          const { CreatedDate: _unsaid, ...said } = versionJson(version);
          return { ...named(SecretId).head, ...said };
        },
      ),
      DescribeSecret: jsonAction(OfSecret, ({ SecretId }) => {
        const { head, versions } = named(SecretId);
        const living = versions.filter(isLabelled);
        const VersionIdsToStages = Object.fromEntries(
          living.map((version) => [version.id, [...version.stages]]),
        );
        return { ...head, VersionIdsToStages };
      }),
      ListSecretVersionIds: jsonAction(
        OfSecret.extend({
          IncludeDeprecated: z.boolean().default(false),
          MaxResults: z.int().min(1).max(100).default(100),
          NextToken: z.string().optional(),
        }),
        ({ SecretId, IncludeDeprecated, MaxResults, NextToken }) => {
          const { head, versions } = named(SecretId);
          const listed = IncludeDeprecated ? versions : versions.filter(isLabelled);
          const { page, ...next } = pageOf(listed, MaxResults, NextToken);
          return { ...head, Versions: page.map(versionJson), ...next };
        },
      ),
      UpdateSecretVersionStage: jsonAction(
        OfSecret.extend({
          VersionStage,
          RemoveFromVersionId: VersionId.optional(),
          MoveToVersionId: VersionId.optional(),
        }),
        ({ SecretId, VersionStage: stage, RemoveFromVersionId, MoveToVersionId }) => {
          const move = { stage, removeFrom: RemoveFromVersionId, moveTo: MoveToVersionId };
          secrets.moveStage(SecretId, move);
          return named(SecretId).head;
        },
      ),
    },
  };
}

function isLabelled({ stages }: SecretVersion): boolean {
  return stages.size > 0;
}

function versionJson({ id, stages, createdAt }: SecretVersion) {
  return { VersionId: id, VersionStages: [...stages], CreatedDate: seconds(createdAt) };
}
