import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import {
  asMinting,
  mintingServers,
  otherVaults,
  type Server,
} from "../../lambdas/contracts/config/minting.ts";
import type { VaultConfig } from "../../lambdas/contracts/config/server.ts";
import { watchedIn } from "../../lambdas/contracts/config/watched.ts";
import type { Config } from "../../lambdas/contracts/config.ts";
import type { Permissions } from "../constructs/function-role.ts";
import { NOTHING } from "./nothing.ts";
import { secretArn } from "./secret-arn.ts";

/** Reading the secrets with which some servers are talked to, and no other. */
export function readSecrets(
  scope: Construct,
  config: Config,
  servers: readonly Server[],
): Permissions {
  return readAll(
    scope,
    servers.flatMap((server) => secretsOf(config, server)),
  );
}

function readAll(scope: Construct, names: readonly string[]): Permissions {
  if (names.length === 0) return NOTHING;
  const secrets = [...new Set(names)];
  const resources = secrets.map((name) => secretArn(scope, name));
  return {
    secrets,
    statements: [new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources })],
    wildcards: {},
  };
}

/** The same for a function that logs in to Vault for Nomad's and Consul's tokens alone. */
export function readTokenSecrets(scope: Construct, config: Config): Permissions {
  const { nomad, consul } = config;
  const fromVault = nomad.tokenFromVault ?? consul?.tokenFromVault;
  return readSecrets(scope, config, [
    "nomad",
    "consul",
    ...(fromVault ? (["vault"] as const) : []),
  ]);
}

/**
 * The same for what makes credentials, on the servers whose credentials are rotated, with tokens for that; and for
 * what is looked at because nobody rotates it.
 */
export function readMintingAndWatchedSecrets(scope: Construct, config: Config): Permissions {
  const minting = asMinting(config);
  return readAll(scope, [
    ...mintingServers(config).flatMap((server) => secretsOf(minting, server)),
    ...otherVaults(config).flatMap(({ server }) => secretsOfVault(server)),
    ...watchedIn(config).flatMap((each) => ("secret" in each ? each.secret : [])),
  ]);
}

function secretsOf(config: Config, server: Server): string[] {
  if (server === "vault") return config.vault ? secretsOfVault(config.vault) : [];
  const section = config[server];
  return [section?.tokenSecret, section?.tls?.clientCertificateSecret].filter(
    (name) => name !== undefined,
  );
}

function secretsOfVault({ login, tls }: VaultConfig): string[] {
  return [loginSecret(login), tls?.clientCertificateSecret].filter((name) => name !== undefined);
}

function loginSecret(login: VaultConfig["login"]): string | undefined {
  switch (login.method) {
    case "jwt":
      return login.jwtSecret;
    case "approle":
      return login.secret;
    default:
      return undefined;
  }
}
