import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { asMinting, mintingServers, type Server } from "../../lambdas/contracts/config/minting.ts";
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
  const resources = [...new Set(names)].map((name) => secretArn(scope, name));
  return {
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

/** The same for what makes credentials: on the servers whose credentials are rotated, with tokens for that. */
export function readMintingSecrets(scope: Construct, config: Config): Permissions {
  return readSecrets(scope, asMinting(config), mintingServers(config));
}

function secretsOf(config: Config, server: Server): string[] {
  const section = config[server];
  const token = server === "vault" ? loginSecret(config.vault) : config[server]?.tokenSecret;
  return [token, section?.tls?.clientCertificateSecret].filter((name) => name !== undefined);
}

function loginSecret(vault: Config["vault"]): string | undefined {
  switch (vault?.login.method) {
    case "jwt":
      return vault.login.jwtSecret;
    case "approle":
      return vault.login.secret;
    default:
      return undefined;
  }
}
