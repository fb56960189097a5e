import { vaultSecretIdKind } from "../../lambdas/clients/vault/rotate/secret-id-kind.ts";
import { vaultTokenKind } from "../../lambdas/clients/vault/rotate/token-kind.ts";
import type { VirtualClock } from "../../local/clock.ts";
import { VaultModel } from "../../local/vault/model.ts";
import {
  READABLE_PATH,
  ROTATED_APP_ROLE,
  ROTATED_TOKEN_ROLE,
} from "../../local/vault/rotation-setup.ts";
import { directly } from "./port-calls.ts";
import { rotatedCertificate } from "./rotated-certificate.ts";
import { VAULT_TROUBLES, vaultSession } from "./rotated-in-vault.ts";
import { type RotatedThing, rotationOf, troublesOf } from "./rotated-thing.ts";
import type { MakeThing } from "./thing-rotating.ts";

const DEAD = "it is dead";
/** What can be made for a secret that holds nothing, each with such a secret. */
export const FIRST_VALUES = {
  "vault-token": (clock, _aws, around) => firstToken(clock, {}, around),
  "vault-secret-id": (clock, _aws, around) => firstSecretId(clock, around),
  "vault-certificate": (clock, _aws, around) => rotatedCertificate(clock, around, null),
} as const satisfies Readonly<Record<string, MakeThing>>;

/** @param settings of the rotation. */
export function firstToken(
  clock: VirtualClock,
  settings: object = {},
  around = directly,
): RotatedThing {
  const model = new VaultModel(clock);
  const session = vaultSession(model, around);
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
    ...troublesOf(model.faults, VAULT_TROUBLES),
  };
}

function firstSecretId(clock: VirtualClock, around = directly): RotatedThing {
  const model = new VaultModel(clock);
  const session = vaultSession(model, around);
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
    ...troublesOf(model.faults, VAULT_TROUBLES),
  };
}

function nothingAtFirst(living: () => readonly string[]) {
  return {
    first: "",
    problem: (value: string) => (living().includes(value) ? undefined : DEAD),
    living,
  };
}
