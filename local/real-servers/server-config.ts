import type { SecretsManagerModel } from "../aws/secrets-manager/secrets-manager-model.ts";
import type { RealServer, ServerKind } from "./real-server.ts";

/** The secret that holds the token for a server. */
export function tokenSecret(kind: Exclude<ServerKind, "vault">): string {
  return `drover/${kind}-token`;
}

/** Where the functions reach a server: what is not secret of it, and the names of what is. */
export function serverConfig(
  kind: ServerKind,
  { address, tls }: Pick<RealServer, "address" | "tls">,
  secrets: SecretsManagerModel,
) {
  const { ca, serverName, certificate, privateKey } = tls ?? {};
  const clientCertificateSecret = `drover/${kind}-client-certificate`;
  const hasCertificate = certificate !== undefined && privateKey !== undefined;
  if (hasCertificate) {
    secrets.create(clientCertificateSecret, JSON.stringify({ certificate, privateKey }));
  }
  const known = {
    ...(ca && { ca }),
    ...(serverName && { serverName }),
    ...(hasCertificate && { clientCertificateSecret }),
  };
  return { address, ...(Object.keys(known).length > 0 && { tls: known }) };
}

/** As `serverConfig`, with the token in its secret. */
export function tokenServerConfig(
  kind: Exclude<ServerKind, "vault">,
  server: RealServer,
  secrets: SecretsManagerModel,
) {
  if (server.token) secrets.create(tokenSecret(kind), server.token);
  return {
    ...serverConfig(kind, server, secrets),
    ...(server.token && { tokenSecret: tokenSecret(kind) }),
  };
}
