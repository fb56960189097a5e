import { appRoleLogin } from "../../lambdas/clients/vault/app-role-login.ts";
import { createVault } from "../../lambdas/clients/vault/create-vault.ts";
import { createVaultSession } from "../../lambdas/clients/vault/vault-session.ts";
import { VirtualClock } from "../../local/clock.ts";
import { NODE_ROLE, setUpForDrover } from "../../local/vault/drover-setup.ts";
import { inProcessVault } from "../../local/vault/in-process.ts";
import { VaultModel } from "../../local/vault/model.ts";

/** A model set up for Drover, a client of it, and how often that has logged in. */
export function vaultWorld({ ttlSeconds = 1_000 } = {}) {
  const clock = new VirtualClock();
  const model = new VaultModel(clock);
  const { credentials } = setUpForDrover(model, { droverTokenTtlSeconds: ttlSeconds });
  const session = createVaultSession({
    address: "model:",
    transport: inProcessVault(model),
    retry: { retries: 0 },
    login: appRoleLogin({ credentials: async () => credentials }),
    clock,
  });
  const vault = createVault({ session, role: NODE_ROLE, deployment: "test" });
  return { clock, model, credentials, session, vault };
}

/** Drover's tokens that live: as many as it logged in, until they run out. */
export function logins(model: VaultModel): number {
  return model.liveTokens().filter(({ policies }) => policies.includes("drover")).length;
}
