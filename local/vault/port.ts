import type { Transport } from "../../lambdas/clients/http/exchange.ts";
import { createVault } from "../../lambdas/clients/vault/create-vault.ts";
import type { LoginMethod } from "../../lambdas/clients/vault/login-method.ts";
import {
  createVaultSession,
  type VaultSession,
} from "../../lambdas/clients/vault/vault-session.ts";
import type { Vault } from "../../lambdas/domain/ports/vault.ts";
import { inProcessVault } from "./in-process.ts";
import type { VaultModel } from "./model.ts";

/**
 * The model as the domain's port, in-process: the real client over the model's own answers, without
 * sockets and without the client's retries, which would wait in real time.
 */
export function modelVaultPort(
  model: VaultModel,
  options: { login: LoginMethod; role: string; mount?: string; deployment?: string },
): Vault {
  const { login, ...rest } = options;
  return createVault({ deployment: "test", ...rest, session: modelVaultSession(model, login) });
}

/** A session with the model, in-process. */
export function modelVaultSession(
  model: VaultModel,
  login: LoginMethod,
  transport: Transport = inProcessVault(model),
): VaultSession {
  return createVaultSession({
    address: "model:",
    transport,
    retry: { retries: 0 },
    login,
    clock: model.clock,
  });
}
