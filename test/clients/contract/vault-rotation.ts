import { randomUUID } from "node:crypto";
import { vaultCertificateKind } from "../../../lambdas/clients/vault/rotate/certificate-kind.ts";
import { vaultSecretIdKind } from "../../../lambdas/clients/vault/rotate/secret-id-kind.ts";
import {
  type VaultTokenOptions,
  vaultTokenKind,
} from "../../../lambdas/clients/vault/rotate/token-kind.ts";
import { Rotation } from "../../../lambdas/contracts/config/rotate.ts";
import { AttemptId } from "../../../lambdas/contracts/rotation-item.ts";
import type { Kind, Minted } from "../../../lambdas/domain/rotate/kind.ts";
import { RealClock } from "../../../local/clock.ts";
import {
  ROTATED_APP_ROLE,
  ROTATED_PKI_ROLE,
  ROTATED_TOKEN_ROLE,
} from "../../../local/vault/rotation-setup.ts";
import { call, type VaultServer, vaultOf } from "./vault-server.ts";

type Who = keyof VaultServer["users"];

export function newAttempt(): AttemptId {
  return AttemptId.parse(randomUUID());
}

export function sessionOf(server: VaultServer, who: Who = "rotate") {
  return vaultOf(server, who).session;
}

/** Drover's strategy for the tokens of a token role. */
export function tokenKind(
  server: VaultServer,
  settings: Partial<VaultTokenOptions["rotation"]> = {},
  session = sessionOf(server),
): Kind {
  const rotation = Rotation.parse({
    kind: "vault-token",
    name: "nomad-token",
    secret: "nomad",
    role: ROTATED_TOKEN_ROLE,
    ...settings,
  });
  if (rotation.kind !== "vault-token") throw new Error("another kind");
  return vaultTokenKind({ session, rotation, deployment: "contract", clock: new RealClock() });
}

/** Drover's strategy for the secret ids of an AppRole role. */
export function secretIdKind(
  server: VaultServer,
  settings: { readonly role?: string; readonly ttlSeconds?: number; readonly who?: Who } = {},
): Kind {
  const { who = "rotate", ...others } = settings;
  const rotation = Rotation.parse({
    kind: "vault-secret-id",
    name: "backup-login",
    secret: "backup",
    role: ROTATED_APP_ROLE,
    everySeconds: 600,
    verifySeconds: 1,
    graceSeconds: 1,
    ...others,
  });
  if (rotation.kind !== "vault-secret-id") throw new Error("another kind");
  return vaultSecretIdKind({ session: sessionOf(server, who), rotation, deployment: "contract" });
}

/** Drover's strategy for the certificates of a role of the PKI secrets engine. */
export function certificateKind(
  server: VaultServer,
  settings: Readonly<Record<string, unknown>> & { readonly who?: Who } = {},
): Kind {
  const { who = "rotate", ...others } = settings;
  const rotation = Rotation.parse({
    kind: "vault-certificate",
    name: "nomad-certificate",
    secret: "nomad/certificate",
    role: ROTATED_PKI_ROLE,
    commonName: "client.global.nomad",
    altNames: ["web.nomad", "*.jobs.nomad"],
    ipSans: ["127.0.0.1", "fd00::1"],
    everySeconds: 600,
    verifySeconds: 1,
    graceSeconds: 1,
    ...others,
  });
  if (rotation.kind !== "vault-certificate") throw new Error("another kind");
  const { clock } = server;
  const session = sessionOf(server, who);
  return vaultCertificateKind({ session, rotation, deployment: "contract", clock });
}

/** Makes a token as a step of a rotation does. */
export function mint(kind: Kind, attempt = newAttempt()): Promise<Minted> {
  return kind.mint(attempt, {});
}

/** A call of whoever has the token. */
export function withToken(
  server: VaultServer,
  { value: { token } }: Minted,
  method: "GET" | "POST",
  path: string,
) {
  return call(server, method, path, token ? { token } : {});
}

/** A call as root. */
export function asRoot(server: VaultServer, method: "GET" | "POST", path: string, body?: unknown) {
  return call(server, method, path, { token: server.rootToken, body });
}
