import { appRoleLogin } from "../../lambdas/clients/vault/app-role-login.ts";
import { vaultBarrierKey } from "../../lambdas/clients/vault/rotate/barrier-key.ts";
import { vaultCaKind } from "../../lambdas/clients/vault/rotate/ca-kind.ts";
import { vaultCertificateKind } from "../../lambdas/clients/vault/rotate/certificate-kind.ts";
import { vaultSecretIdKind } from "../../lambdas/clients/vault/rotate/secret-id-kind.ts";
import { vaultTokenKind } from "../../lambdas/clients/vault/rotate/token-kind.ts";
import type { VaultSession } from "../../lambdas/clients/vault/vault-session.ts";
import { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { AttemptId } from "../../lambdas/contracts/rotation-item.ts";
import { VirtualClock } from "../../local/clock.ts";
import { VaultModel } from "../../local/vault/model.ts";
import { modelVaultSession } from "../../local/vault/port.ts";
import {
  PARENT_MOUNT,
  READABLE_PATH,
  ROTATED_APP_ROLE,
  ROTATED_PKI_ROLE,
  ROTATED_TOKEN_ROLE,
  setUpForRotation,
} from "../../local/vault/rotation-setup.ts";

export const ATTEMPT = AttemptId.parse("00000000-0000-4000-8000-000000000001");
const deployment = "test";

/** A model set up for rotation, and each kind of Drover's on it. */
export function rotationWorld() {
  const clock = new VirtualClock();
  const model = new VaultModel(clock);
  const credentials = setUpForRotation(model);
  const session = modelVaultSession(model, appRoleLogin({ credentials: async () => credentials }));
  return {
    clock,
    model,
    credentials,
    session,
    tokens: tokenKindOf(session, clock),
    secretIds: secretIdKindOf(session),
    certificates: certificateKindOf(session, clock),
    roots: caKindOf(session, clock),
    intermediates: caKindOf(session, clock, { parent: { mount: PARENT_MOUNT } }),
    /** What an operator has put into a secret first: the CA that issues. */
    async firstCa() {
      const issuer = model.pkis.get("pki")?.issuers.find("default");
      return { ca: (await issuer?.authority())?.certificate ?? "" };
    },
    barrier: vaultBarrierKey(session),
  };
}

export function tokenKindOf(session: VaultSession, clock = new VirtualClock()) {
  const rotation = Rotation.parse({
    kind: "vault-token",
    name: "nomad-token",
    secret: "nomad",
    role: ROTATED_TOKEN_ROLE,
    testPath: READABLE_PATH,
  });
  if (rotation.kind !== "vault-token") throw new Error("another kind");
  return vaultTokenKind({ session, rotation, deployment, clock });
}

export function secretIdKindOf(session: VaultSession) {
  const rotation = Rotation.parse({
    kind: "vault-secret-id",
    name: "backup-login",
    secret: "backup",
    role: ROTATED_APP_ROLE,
  });
  if (rotation.kind !== "vault-secret-id") throw new Error("another kind");
  return vaultSecretIdKind({ session, rotation, deployment });
}

export function certificateKindOf(session: VaultSession, clock = new VirtualClock()) {
  const rotation = Rotation.parse({
    kind: "vault-certificate",
    name: "nomad-certificate",
    secret: "nomad/certificate",
    role: ROTATED_PKI_ROLE,
    commonName: "client.global.nomad",
    everySeconds: 86_400,
  });
  if (rotation.kind !== "vault-certificate") throw new Error("another kind");
  return vaultCertificateKind({ session, rotation, deployment, clock });
}

function caKindOf(session: VaultSession, clock: VirtualClock, settings: object = {}) {
  const rotation = Rotation.parse({
    kind: "vault-ca",
    name: "nomad-ca",
    secret: "nomad/ca",
    commonName: "Nomad agents",
    role: ROTATED_PKI_ROLE,
    testName: "test.nomad",
    everySeconds: 86_400,
    ttlSeconds: 30 * 86_400,
    ...settings,
  });
  if (rotation.kind !== "vault-ca") throw new Error("another kind");
  return vaultCaKind({ session, rotation, deployment, clock });
}
