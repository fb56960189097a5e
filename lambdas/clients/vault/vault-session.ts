import * as z from "zod";
import type { Clock } from "../../domain/ports/clock.ts";
import { PortError } from "../../domain/ports/errors.ts";
import { type ApiClientOptions, openApi } from "../http/api-client.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { type Lease, LeasedToken } from "./leased-token.ts";
import type { LoginMethod, LoginRequest } from "./login-method.ts";
import { vaultApi, vaultApiForOthers } from "./vault-api.ts";

export interface VaultSessionOptions extends Omit<ApiClientOptions, "token" | "refreshToken"> {
  /** Of Vault Enterprise or OpenBao. */
  readonly namespace?: string;
  readonly login: LoginMethod;
  /** What the configuration calls this server, for error texts. @default "vault" */
  readonly section?: string;
  readonly clock: Clock;
}

/** A login to Vault, and calls with it. */
export interface VaultSession {
  /** Calls with the session's token; after a 403 once more with that of a new login. */
  readonly http: ApiHttp;
  /** The login's token, kept until 80 % of its life are over. @throws {PortError} of system `vault`. */
  token(): Promise<string>;
  /** The token of another login. @throws {PortError} of system `vault`. */
  refresh(): Promise<string>;
  /** Calls with another token than the login's, or with none. A 403 is not tried again. */
  as(token: string | undefined): ApiHttp;
  /** How long the token of the latest login lives on. What was leased with it dies with it. */
  secondsLeft(): number;
  close(): void;
}

const LoginReading = z.object({
  auth: z.object({ client_token: z.string().min(1), lease_duration: z.number().nonnegative() }),
});

/**
 * Opens a session; the login itself waits for the first call. The clock's time is compared with that
 * of the logins alone, so it need not be Vault's.
 */
export function createVaultSession(options: VaultSessionOptions): VaultSession {
  const { namespace, login, clock, section = "vault" } = options;
  const every = { ...(namespace && { headers: { "X-Vault-Namespace": namespace } }) };
  const open = openApi(vaultApi(section), { ...options, token: async () => undefined }, every);
  const leased = new LeasedToken(clock, () => logIn(open.http, login));
  const token = () => leased.token();
  const refreshToken = () => leased.refresh();
  const { transport } = open;
  const { http } = openApi(
    vaultApi(section),
    { ...options, transport, token, refreshToken },
    every,
  );
  return {
    http,
    token,
    refresh: refreshToken,
    as: (other) =>
      openApi(
        vaultApiForOthers(section),
        { ...options, transport, token: async () => other },
        every,
      ).http,
    secondsLeft: () => leased.secondsLeft(),
    close: open.close,
  };
}

async function logIn(http: ApiHttp, login: LoginMethod): Promise<Lease> {
  const request = await login.request();
  try {
    return await send(http, request);
  } catch (error) {
    const isDenied = error instanceof PortError && error.kind === "denied";
    const fresh = isDenied ? await login.freshRequest?.() : undefined;
    if (!fresh || JSON.stringify(fresh) === JSON.stringify(request)) throw error;
    return send(http, fresh);
  }
}

async function send(http: ApiHttp, { mount, body, secrets }: LoginRequest): Promise<Lease> {
  const path = `/v1/auth/${mount}/login`;
  const call = { method: "POST", path, body, secrets, repeatable: true } as const;
  const found = await http.read(call, LoginReading);
  if (!found) throw new PortError("vault", "denied", `POST ${path}: Vault does not know the role`);
  const { client_token, lease_duration } = found.value.auth;
  return { token: client_token, seconds: lease_duration };
}
