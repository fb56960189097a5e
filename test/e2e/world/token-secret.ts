import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { TOKEN_SECRET } from "./names.ts";

/** Puts Drover's Nomad token where the deployed function reads it, as an operator would. */
export async function putToken(token: string): Promise<void> {
  const secrets = new SecretsManagerClient({});
  const put = new PutSecretValueCommand({ SecretId: TOKEN_SECRET, SecretString: token });
  await secrets.send(put).catch((error: unknown) => {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    return secrets.send(new CreateSecretCommand({ Name: TOKEN_SECRET, SecretString: token }));
  });
}
