import * as z from "zod";
import { serverOf } from "../../lambdas/contracts/config/minting.ts";
import { isPublished, type PublishedRotation } from "../../lambdas/contracts/config/rotate.ts";
import { ConfigError } from "../../lambdas/contracts/config.ts";
import type { LocalRotate } from "../local-rotate.ts";
import type { ModelCluster } from "../model-cluster.ts";
import type { RealServers } from "../real-servers/real-servers.ts";
import { operate, type VaultOperator } from "../vault/operator.ts";
import { newSecretId } from "../vault/set-up-over-http.ts";
import type { ServerSections } from "./function-config.ts";
import type { VaultSide } from "./real-side.ts";

/** What rotate-tokens is let in with. */
const SECRETS = {
  nomad: "drover/nomad-rotate-token",
  consul: "drover/consul-rotate-token",
  vault: "drover/vault-rotate",
};

const MadeToken = z.object({ auth: z.object({ client_token: z.string(), accessor: z.string() }) });

/** @throws {ConfigError} for what is of a real Nomad or Consul: nobody makes its first value there. */
export function assertRotatable({ of }: LocalRotate, real: RealServers): void {
  for (const { name, kind } of of) {
    const server = serverOf(kind);
    if (server === "vault" || !real[server]) continue;
    throw new ConfigError(
      `rotate: ${name} is a ${kind}, and the local stack has those on its model of ${server} alone, not ` +
        `at ${real[server].address}`,
    );
  }
}

/**
 * Puts into Secrets Manager what rotate-tokens is let in with, and a first value of everything that is rotated.
 * @returns the section of the configuration.
 * @throws {OperatorError} when Vault makes none.
 */
export async function prepareRotations(
  { of }: LocalRotate,
  cluster: ModelCluster,
  { rotation: login, operator }: VaultSide,
): Promise<ServerSections["rotate"]> {
  const { secrets } = cluster.aws;
  secrets.create(SECRETS.nomad, cluster.nomad.managementToken);
  secrets.create(SECRETS.consul, cluster.consul.createToken({ acl: "write", keyring: "write" }));
  secrets.create(SECRETS.vault, JSON.stringify(login));
  for (const rotation of of.filter(isPublished)) {
    const value = await firstValue(rotation, cluster, operator);
    secrets.create(rotation.secret, JSON.stringify(value));
  }
  return {
    nomad: { tokenSecret: SECRETS.nomad },
    consul: { tokenSecret: SECRETS.consul },
    vault: { login: { method: "approle", secret: SECRETS.vault } },
    of: [...of],
  };
}

async function firstValue(
  rotation: PublishedRotation,
  { consul, nomad }: ModelCluster,
  vault: VaultOperator,
) {
  const name = `the first ${rotation.name}`;
  switch (rotation.kind) {
    case "vault-token": {
      const made = await operate(vault, "POST", `auth/token/create/${rotation.role}`, {});
      const { client_token: token, accessor } = MadeToken.parse(made).auth;
      return { token, accessor };
    }
    case "vault-secret-id":
      return newSecretId(vault, rotation.role);
    case "consul-token": {
      const read = { "": "read" } as const;
      const token = consul.createToken({
        description: name,
        nodePrefix: read,
        servicePrefix: read,
      });
      return { token };
    }
    case "nomad-token":
      return { token: nomad.createToken({ name, node: "read" }) };
    default:
      throw new Error(`the local stack makes no ${rotation.kind}`);
  }
}
