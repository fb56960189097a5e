import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientCertificateIn } from "../clients/aws/login-secrets.ts";
import { createSecret } from "../clients/aws/secrets.ts";
import type { TlsOptions } from "../clients/http/node-transport.ts";
import type { ServerConfig } from "../contracts/config/server.ts";
import type { Clock } from "../domain/ports/clock.ts";

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
    ...(id && clientCertificateIn(await createSecret(secrets, id, clock).text(), id)),
  };
}
