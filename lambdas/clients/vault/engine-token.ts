import * as z from "zod";
import type { Clock } from "../../domain/ports/clock.ts";
import { PortError } from "../../domain/ports/errors.ts";
import { LeasedToken } from "./leased-token.ts";
import type { VaultSession } from "./vault-session.ts";

export interface EngineTokenOptions {
  /** Where the secrets engine is mounted, `nomad` or `consul` by default. */
  readonly mount: string;
  readonly role: string;
  readonly clock: Clock;
}

/** A short-lived token of Nomad or Consul. Both methods throw a `PortError` of system `vault`. */
export interface EngineToken {
  /** The token, kept until 80 % of its life are over. */
  token(): Promise<string>;
  /** Another one, since the one before was refused. */
  refresh(): Promise<string>;
}

/** Nomad's engine calls the token `secret_id`, Consul's calls it `token`. */
const CredentialsReading = z.object({
  lease_duration: z.number().nonnegative(),
  data: z
    .object({ secret_id: z.string().min(1) })
    .transform(({ secret_id }) => secret_id)
    .or(z.object({ token: z.string().min(1) }).transform(({ token }) => token)),
});

/** A token that Vault's secrets engine for Nomad or Consul issues, by a role of it. */
export function createEngineToken(session: VaultSession, options: EngineTokenOptions): EngineToken {
  const path = `/v1/${options.mount}/creds/${options.role}`;
  const leased = new LeasedToken(options.clock, async () => {
    const found = await session.http.read({ method: "GET", path }, CredentialsReading);
    if (!found) throw new PortError("vault", "invalid", `GET ${path}: there is no such role`);
    const { data, lease_duration } = found.value;
    return { token: data, seconds: shorter(lease_duration, session.secondsLeft()) };
  });
  return { token: () => leased.token(), refresh: () => leased.refresh() };
}

/** A lease ends with the login it was made with, if not before. 0 and Infinity are no end. */
function shorter(leaseSeconds: number, loginSeconds: number): number {
  if (!Number.isFinite(loginSeconds)) return leaseSeconds;
  // 0 would be no end at all.
  const left = Math.max(1, loginSeconds);
  return leaseSeconds > 0 ? Math.min(leaseSeconds, left) : left;
}
