import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { readSettings } from "../settings.ts";
import {
  CONSUL_ROTATE_SECRET,
  CONSUL_SECRET,
  ROTATE_VAULT_SECRET,
  TOKEN_SECRET,
  VAULT_SECRET,
} from "./names.ts";

/** Puts Drover's Nomad token where the deployed functions read it, as an operator would. */
export async function putToken(token: string): Promise<void> {
  await putSecret(TOKEN_SECRET, token);
}

/** Puts what lets Drover in at the real Consul and OpenBao there, too. */
export async function putServerSecrets(): Promise<void> {
  const { consul, openBao } = readSettings();
  await putSecret(CONSUL_SECRET, consul.droverToken);
  await putSecret(VAULT_SECRET, JSON.stringify(openBao.drover));
  await putSecret(ROTATE_VAULT_SECRET, JSON.stringify(openBao.rotate));
  await putSecret(CONSUL_ROTATE_SECRET, consul.rotateToken);
}

export async function putSecret(name: string, SecretString: string): Promise<void> {
  const secrets = new SecretsManagerClient({});
  const put = new PutSecretValueCommand({ SecretId: name, SecretString });
  await secrets.send(put).catch((error: unknown) => {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    return secrets.send(new CreateSecretCommand({ Name: name, SecretString }));
  });
}

/** What a secret holds. */
export async function secretText(name: string): Promise<string> {
  const read = new GetSecretValueCommand({ SecretId: name });
  return (await new SecretsManagerClient({}).send(read)).SecretString ?? "";
}
