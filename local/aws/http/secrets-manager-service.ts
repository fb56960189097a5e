import * as z from "zod";
import type { AwsModel } from "../aws-model.ts";
import { type JsonService, jsonAction } from "./json-service.ts";

const OfSecret = z.object({ SecretId: z.string().min(1) });
const seconds = (at: Date) => at.getTime() / 1_000;

/** Secrets Manager, text secrets. */
export function secretsManagerService({ secrets }: AwsModel): JsonService {
  return {
    prefix: "secretsmanager",
    target: "secretsmanager",
    contentType: "application/x-amz-json-1.1",
    actions: {
      CreateSecret: jsonAction(
        z.object({ Name: z.string().min(1), SecretString: z.string() }),
        ({ Name, SecretString }) => {
          const { arn, versions } = secrets.create(Name, SecretString);
          return { ARN: arn, Name, VersionId: versions[0]?.id };
        },
      ),
      GetSecretValue: jsonAction(
        OfSecret.extend({ VersionStage: z.string().optional(), VersionId: z.string().optional() }),
        ({ SecretId, VersionStage: stage, VersionId: versionId }) => {
          const { arn, name } = secrets.secret(SecretId);
          const version = secrets.get(SecretId, { stage, versionId });
          return {
            ARN: arn,
            Name: name,
            VersionId: version.id,
            SecretString: version.value,
            VersionStages: [...version.stages],
            CreatedDate: seconds(version.createdAt),
          };
        },
      ),
      PutSecretValue: jsonAction(
        OfSecret.extend({
          SecretString: z.string(),
          ClientRequestToken: z.string().optional(),
          VersionStages: z.array(z.string()).optional(),
        }),
        ({ SecretId, SecretString, ClientRequestToken, VersionStages }) => {
          const { arn, name } = secrets.secret(SecretId);
          const version = secrets.put(SecretId, SecretString, VersionStages, ClientRequestToken);
          const stages = [...version.stages];
          return { ARN: arn, Name: name, VersionId: version.id, VersionStages: stages };
        },
      ),
      DescribeSecret: jsonAction(OfSecret, ({ SecretId }) => {
        const { arn, name, versions } = secrets.secret(SecretId);
        const VersionIdsToStages = Object.fromEntries(
          versions.map((version) => [version.id, [...version.stages]]),
        );
        return { ARN: arn, Name: name, VersionIdsToStages };
      }),
    },
  };
}
