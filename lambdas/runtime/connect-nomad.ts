import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { createSecret, tokenIn } from "../clients/aws/secrets.ts";
import type { TlsOptions } from "../clients/http/node-transport.ts";
import { createNomad } from "../clients/nomad/create-nomad.ts";
import type { Config } from "../contracts/config.ts";
import type { Clock } from "../domain/ports/clock.ts";
import type { Nomad } from "../domain/ports/nomad.ts";

const ClientCertificate = z.object({
  certificate: z.string().min(1),
  privateKey: z.string().min(1),
});

/**
 * Nomad as the configuration describes it; its ACL token and client certificate come from Secrets
 * Manager. The token is read again when Nomad refuses it: it may have been rotated.
 */
export async function connectNomad(
  config: Config["nomad"],
  secrets: SecretsManagerClient,
  clock: Clock,
): Promise<Nomad> {
  const { address, region, tokenSecret, requestTimeoutSeconds, maxSockets } = config;
  const secret = tokenSecret ? createSecret(secrets, tokenSecret, clock) : undefined;
  const tls = await tlsOptions(config, secrets, clock);
  return createNomad({
    address,
    ...(region && { region }),
    ...(tls && { tls }),
    token: async () => secret && tokenIn(await secret.text(), tokenSecret ?? ""),
    refreshToken: async () => secret && tokenIn(await secret.refresh(), tokenSecret ?? ""),
    requestTimeoutSeconds,
    maxSockets,
  });
}

async function tlsOptions(
  { tls }: Config["nomad"],
  secrets: SecretsManagerClient,
  clock: Clock,
): Promise<TlsOptions | undefined> {
  if (!tls) return undefined;
  const { ca, serverName, clientCertificateSecret: id } = tls;
  return {
    ...(ca && { ca }),
    ...(serverName && { serverName }),
    ...(id && clientCertificate(await createSecret(secrets, id, clock).text(), id)),
  };
}

// The parser's own error quotes what it read, and so is kept out of ours.
function clientCertificate(text: string, id: string): z.infer<typeof ClientCertificate> {
  const expected = `secret ${id} must hold JSON {"certificate":"…","privateKey":"…"} in PEM`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(expected);
  }
  const parsed = ClientCertificate.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(expected);
}
