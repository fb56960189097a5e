import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { createSecret } from "../clients/aws/secrets.ts";
import type { TlsOptions } from "../clients/http/node-transport.ts";
import type { ServerConfig } from "../contracts/config/server.ts";
import type { Clock } from "../domain/ports/clock.ts";
import { parseSecret } from "./parse-secret.ts";

const ClientCertificate = z.object({
  certificate: z.string().min(1),
  privateKey: z.string().min(1),
});

/** What to trust and show in TLS, as configured; the client certificate comes from its secret. */
export async function tlsOptions(
  { tls }: ServerConfig,
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

function clientCertificate(text: string, id: string): z.infer<typeof ClientCertificate> {
  const expected = '{"certificate":"…","privateKey":"…"} in PEM';
  return parseSecret(ClientCertificate, text, id, expected);
}
