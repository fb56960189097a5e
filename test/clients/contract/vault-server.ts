import type { AppRoleCredentials } from "../../../lambdas/clients/vault/app-role-login.ts";
import { appRoleLogin } from "../../../lambdas/clients/vault/app-role-login.ts";
import { createVault } from "../../../lambdas/clients/vault/create-vault.ts";
import type { LoginMethod } from "../../../lambdas/clients/vault/login-method.ts";
import { createVaultSession } from "../../../lambdas/clients/vault/vault-session.ts";
import { type ModelClock, RealClock } from "../../../local/clock.ts";
import { NODE_ROLE } from "../../../local/vault/drover-setup.ts";
import type { CertificateRole } from "../../../local/vault/pki.ts";
import type { TokenRole } from "../../../local/vault/token-role.ts";

/** What may do everything but is not root. */
export const EVERYTHING = `path "*" { capabilities = ["create", "read", "update", "delete", "list"] }`;
/** What has nothing of what Drover needs. */
export const NOTHING = `path "secret/none" { capabilities = ["read"] }`;

export interface JwtKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A Vault or OpenBao, real or not, set up for Drover; AppRole users by what they may do. */
export interface VaultServer {
  readonly address: string;
  readonly rootToken: string;
  readonly users: Readonly<
    Record<"drover" | "everything" | "nothing" | "rotate", AppRoleCredentials>
  >;
  /** Of the JWT auth method's role `drover`, which is for the audience `vault`. */
  readonly jwtKeys: JwtKeys;
  /** Makes a secret id of the role of new nodes that lives a second. */
  makeShortSecretId(instanceId: string): Promise<void>;
  /** Adds a role for `auth/token/create`. */
  addTokenRole(name: string, role: Partial<TokenRole>): Promise<void>;
  removeTokenRole(name: string): Promise<void>;
  /** Adds a role of AppRole whose secret ids are for so many logins. */
  addAppRole(name: string, secretIdNumUses: number): Promise<void>;
  /** Adds a role to the PKI secrets engine. */
  addCertificateRole(name: string, role: Partial<CertificateRole>): Promise<void>;
  /** Gives the PKI secrets engine another root, which issues from now on. */
  addIssuer(): Promise<void>;
  /** Mounts a PKI secrets engine that has no issuer. */
  mountPki(mount: string): Promise<void>;
  /** Revokes all roots of the PKI secrets engine but that which issues. */
  revokeFormerIssuers(): Promise<void>;
  /** The server's time. */
  readonly clock: ModelClock;
  /** Lets time pass. */
  wait(seconds: number): Promise<void>;
  /** From now on a rate limit quota refuses. */
  throttle(): Promise<void>;
  endThrottling(): Promise<void>;
  seal(): Promise<void>;
  stop(): Promise<void>;
}

/** Drover's client, without retries. */
export function vaultOf(
  server: VaultServer,
  who: keyof VaultServer["users"] | LoginMethod = "drover",
  options: { readonly role?: string; readonly mount?: string } = {},
) {
  const login =
    typeof who === "string" ? appRoleLogin({ credentials: async () => server.users[who] }) : who;
  const session = createVaultSession({
    address: server.address,
    login,
    clock: new RealClock(),
    retry: { retries: 0 },
  });
  const vault = createVault({ session, role: NODE_ROLE, deployment: "contract", ...options });
  return { vault, session };
}

/** A raw call, as a new node or an operator makes it. */
export async function call(
  { address }: Pick<VaultServer, "address">,
  method: "GET" | "POST" | "DELETE",
  path: string,
  { token, body }: { readonly token?: string; readonly body?: unknown } = {},
) {
  const answer = await fetch(`${address}/v1/${path}`, {
    method,
    headers: { "Content-Type": "application/json", ...(token && { "X-Vault-Token": token }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}
