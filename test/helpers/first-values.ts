import { appRoleLogin } from "../../lambdas/clients/vault/app-role-login.ts";
import { vaultSecretIdKind } from "../../lambdas/clients/vault/rotate/secret-id-kind.ts";
import { vaultTokenKind } from "../../lambdas/clients/vault/rotate/token-kind.ts";
import type { VaultSession } from "../../lambdas/clients/vault/vault-session.ts";
import type { VirtualClock } from "../../local/clock.ts";
import { VaultModel } from "../../local/vault/model.ts";
import { modelVaultSession } from "../../local/vault/port.ts";
import {
  READABLE_PATH,
  ROTATED_APP_ROLE,
  ROTATED_TOKEN_ROLE,
  setUpForRotation,
} from "../../local/vault/rotation-setup.ts";
import { rotatedCertificate } from "./rotated-certificate.ts";
import { faultsOf, type RotatedThing, rotationOf } from "./rotated-things.ts";

const DEAD = "it is dead";
const QUICK = { everySeconds: 86_400, verifySeconds: 120, graceSeconds: 60 };

/** What can be made for a secret that holds nothing, each with such a secret. */
export const FIRST_VALUES = {
  "vault-token": (clock: VirtualClock) => firstToken(clock),
  "vault-secret-id": firstSecretId,
  "vault-certificate": (clock: VirtualClock) =>
    rotatedCertificate(clock, { ...QUICK, name: "rotated", secret: "rotated" }, null),
} as const;

/** @param settings of the rotation. */
export function firstToken(clock: VirtualClock, settings: object = {}): RotatedThing {
  const { model, session } = vaultOf(clock);
  const rotation = rotationOf("vault-token", {
    role: ROTATED_TOKEN_ROLE,
    testPath: READABLE_PATH,
    consumerRenews: false,
    startedBy: "secrets-manager",
    ...settings,
  });
  const living = () =>
    model
      .liveTokens()
      .filter(({ policies }) => policies.includes("user"))
      .map(({ id }) => id);
  return {
    rotation,
    kind: vaultTokenKind({ session, rotation, deployment: "test", clock }),
    ...nothingAtFirst(living),
    ...faultsOf(model.faults),
  };
}

function firstSecretId(clock: VirtualClock): RotatedThing {
  const { model, session } = vaultOf(clock);
  const rotation = rotationOf("vault-secret-id", {
    role: ROTATED_APP_ROLE,
    startedBy: "secrets-manager",
  });
  // Drover's own, by which it logs in, is not rotated here.
  const own = new Set(model.secretIds().map(({ secretId }) => secretId));
  const living = () =>
    model
      .secretIds()
      .map(({ secretId }) => secretId)
      .filter((secretId) => !own.has(secretId));
  return {
    rotation,
    kind: vaultSecretIdKind({ session, rotation, deployment: "test" }),
    ...nothingAtFirst(living),
    ...faultsOf(model.faults),
  };
}

function vaultOf(clock: VirtualClock): { model: VaultModel; session: VaultSession } {
  const model = new VaultModel(clock);
  const login = setUpForRotation(model);
  const session = modelVaultSession(model, appRoleLogin({ credentials: async () => login }));
  return { model, session };
}

function nothingAtFirst(living: () => readonly string[]) {
  return {
    first: "",
    problem: (value: string) => (living().includes(value) ? undefined : DEAD),
    living,
  };
}
