import { appRoleLogin } from "../../lambdas/clients/vault/app-role-login.ts";
import { vaultSecretIdKind } from "../../lambdas/clients/vault/rotate/secret-id-kind.ts";
import type { VaultSession } from "../../lambdas/clients/vault/vault-session.ts";
import type { Kind } from "../../lambdas/domain/rotate/kind.ts";
import { createKinds } from "../../lambdas/runtime/rotation-kinds.ts";
import type { VirtualClock } from "../../local/clock.ts";
import { inProcessVault } from "../../local/vault/in-process.ts";
import { VaultModel } from "../../local/vault/model.ts";
import { modelVaultSession } from "../../local/vault/port.ts";
import {
  READABLE_PATH,
  ROTATED_APP_ROLE,
  ROTATED_TOKEN_ROLE,
  setUpForRotation,
} from "../../local/vault/rotation-setup.ts";
import { type AroundCall, directly, wrap } from "./port-calls.ts";
import { type RotatedThing, rotationOf, troublesOf } from "./rotated-thing.ts";

export const VAULT_TROUBLES = {
  away: "away",
  throttled: "throttled",
  sealed: "sealed",
  leaderless: "no-active",
} as const;

/** Drover's calls to a model that is set up for rotation, each with something around it. */
export function vaultSession(
  model: VaultModel,
  around: AroundCall,
  transport = inProcessVault(model),
): VaultSession {
  const credentials = setUpForRotation(model);
  const login = appRoleLogin({ credentials: async () => credentials });
  return modelVaultSession(model, login, wrap(transport, around));
}

/** A secret id of an AppRole role; its user holds no token of it, so that each one that lives is left over. */
export function vaultSecretId(clock: VirtualClock, around = directly): RotatedThing {
  const model = new VaultModel(clock);
  const session = vaultSession(model, around);
  const rotation = rotationOf("vault-secret-id", { role: ROTATED_APP_ROLE });
  // Longer than an attempt: what a test of it leaves is seen at the end.
  model.addAppRole(ROTATED_APP_ROLE, { policies: ["user"], tokenTtlSeconds: 86_400 });
  const role = model.appRoles.get("approle")?.role(ROTATED_APP_ROLE);
  if (!role) throw new Error("there is no such role");
  const { secretId } = model.addSecretId(ROTATED_APP_ROLE);
  const opens = (value: string) => {
    const found = role.secretIds.bySecret(secretIdIn(value));
    return found !== undefined && !role.secretIds.hasExpired(found);
  };
  return {
    rotation,
    kind: vaultSecretIdKind({ session, rotation, deployment: "test" }),
    first: JSON.stringify({ roleId: role.roleId, secretId }),
    problem: (value) => (opens(value) ? undefined : "it can't log in"),
    living: () => [
      ...role.secretIds.listed().map((each) => each.secretId),
      ...usersTokens(model).map(({ accessor }) => `the token ${accessor}`),
    ],
    ...troublesOf(model.faults, VAULT_TROUBLES),
  };
}

/** A token of a Vault that is not Drover's own, which is there as well, and where none may be made. */
export function vaultTokenElsewhere(clock: VirtualClock, around = directly): RotatedThing {
  const [own, other] = [new VaultModel(clock, { seed: 2 }), new VaultModel(clock)];
  const [vault, there] = [vaultSession(own, around), vaultSession(other, around)];
  const login = { method: "approle", secret: "login" };
  const rotation = rotationOf("vault-token", {
    role: ROTATED_TOKEN_ROLE,
    testPath: READABLE_PATH,
    server: { address: "https://10.0.9.9:8200", login },
  });
  const otherVaults = new Map([[rotation.name, there]]);
  const servers = { vault, otherVaults, consul: undefined, nomad: undefined };
  const kind = createKinds(servers, { config: { name: "test" }, clock })(rotation) as Kind;
  const find = (token: string) => other.tokens.find(token);
  return {
    rotation,
    kind,
    first: other.createToken({
      policies: ["default", "user"],
      role: ROTATED_TOKEN_ROLE,
      ttlSeconds: other.tokenRoles.get(ROTATED_TOKEN_ROLE)?.periodSeconds ?? 0,
    }),
    problem: (token) => (find(token) ? undefined : "it is refused"),
    renew(token) {
      const found = find(token);
      if (found) other.tokens.renew(found, 0, true);
    },
    living: () => [...usersTokens(own), ...usersTokens(other)].map(({ id }) => id),
    ...troublesOf(other.faults, VAULT_TROUBLES),
  };
}

/** Those that what is rotated opens, but for Drover's own. */
function usersTokens(model: VaultModel) {
  return model.liveTokens().filter(({ policies }) => policies.includes("user"));
}

function secretIdIn(value: string): string {
  return value.startsWith("{") ? JSON.parse(value).secretId : value;
}
