import * as z from "zod";
import { AttemptId } from "../rotation-item.ts";

/** What Secrets Manager calls a rotation function with, four times a rotation. */
export const SecretsManagerStep = z.object({
  Step: z.enum(["createSecret", "setSecret", "testSecret", "finishSecret"]),
  /** The ARN of the secret. */
  SecretId: z.string().min(1),
  /** The id of the version that is to be made. */
  ClientRequestToken: AttemptId,
});
export type SecretsManagerStep = z.output<typeof SecretsManagerStep>;
