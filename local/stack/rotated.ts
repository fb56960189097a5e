import * as z from "zod";
import type { AppRoleCredentials } from "../../lambdas/clients/vault/app-role-login.ts";
import { isPublished, type PublishedRotation } from "../../lambdas/contracts/config/rotate.ts";
import type { SecretsManagerModel } from "../aws/secrets-manager/secrets-manager-model.ts";
import type { LocalRotate } from "../local-rotate.ts";
import { operate, type VaultOperator } from "../vault/operator.ts";
import { newSecretId } from "../vault/set-up-over-http.ts";
import type { ServerSections } from "./function-config.ts";

const LOGIN_SECRET = "drover/vault-rotate";

const MadeToken = z.object({ auth: z.object({ client_token: z.string(), accessor: z.string() }) });

/**
 * Puts into Secrets Manager what rotate-tokens logs in to Vault with, and a first value of everything that is
 * rotated.
 * @returns the section of the configuration.
 * @throws {OperatorError} when the operator's token may not make one.
 */
export async function prepareRotations(
  { of }: LocalRotate,
  credentials: AppRoleCredentials,
  operator: VaultOperator,
  secrets: SecretsManagerModel,
): Promise<ServerSections["rotate"]> {
  secrets.create(LOGIN_SECRET, JSON.stringify(credentials));
  for (const rotation of of.filter(isPublished)) {
    secrets.create(rotation.secret, JSON.stringify(await firstValue(rotation, operator)));
  }
  return { vault: { login: { method: "approle", secret: LOGIN_SECRET } }, of: [...of] };
}

async function firstValue(rotation: PublishedRotation, operator: VaultOperator) {
  switch (rotation.kind) {
    case "vault-token": {
      const made = await operate(operator, "POST", `auth/token/create/${rotation.role}`, {});
      const { client_token: token, accessor } = MadeToken.parse(made).auth;
      return { token, accessor };
    }
    case "vault-secret-id":
      return newSecretId(operator, rotation.role);
    default:
      throw new Error(`the local stack makes no ${rotation.kind}`);
  }
}
