import { randomUUID } from "node:crypto";
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { plusSeconds } from "../../local/clock.ts";
import { READABLE_PATH, ROTATED_TOKEN_ROLE } from "../../local/vault/rotation-setup.ts";
import type { RotateStage, Took } from "./rotate-stage.ts";

export interface FloorTimings {
  /** From one look whether the new token is used to the next. */
  readonly lookSeconds: number;
  readonly graceSeconds: number;
  readonly limitSeconds: number;
}

interface Replaced {
  readonly formerToken: string;
  readonly accessor: string;
  readonly promotedAt: Date;
}

type VaultCall = (
  path: string,
  body?: object,
  token?: string,
) => Promise<{ readonly status: number; readonly body: string }>;

const Login = z.object({ auth: z.object({ client_token: z.string(), accessor: z.string() }) });
const LookedUp = z.object({
  data: z.object({ accessor: z.string(), last_renewal_time: z.number().optional() }),
});

/** How long the token of a login is used. */
const LOGIN_SECONDS = 900;

/**
 * The floor: the calls without which no token can be replaced by one that is tested and used before the former
 * one ends, and nothing else. Nothing is written down: whatever breaks off is lost.
 * @returns what it took.
 */
export async function rotateFloor(stage: RotateStage, timings: FloorTimings): Promise<Took> {
  const { clock, secrets } = stage;
  const beganAt = clock.now();
  const vault = openVault(stage);
  let milliseconds = 0;
  /** What a timer fires is awaited before time goes on. */
  const after = (seconds: number, work: () => Promise<void>) =>
    clock.at(plusSeconds(clock.now(), seconds), () => timed(work));
  async function timed(work: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    await work();
    milliseconds += performance.now() - began;
  }

  async function look(replaced: Replaced): Promise<void> {
    const { accessor, promotedAt } = replaced;
    const { last_renewal_time: renewedAt = 0 } = await lookUp(vault, { accessor });
    const isUsed = renewedAt * 1_000 >= promotedAt.getTime();
    if (isUsed) after(timings.graceSeconds, () => end(replaced, vault));
    else after(timings.lookSeconds, () => look(replaced));
  }

  await timed(() =>
    Promise.all(secrets.map(async (secret) => look(await publish(secret, stage, vault)))),
  );
  await stage.untilRotated(timings.limitSeconds);
  const virtualSeconds = (clock.now().getTime() - beganAt.getTime()) / 1_000;
  return { seconds: milliseconds / 1_000, virtualSeconds };
}

async function publish(
  SecretId: string,
  { secretsManager, clock }: RotateStage,
  vault: VaultCall,
): Promise<Replaced> {
  const { SecretString: formerToken = "", VersionId: former } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId }),
  );
  const made = await vault(`auth/token/create/${ROTATED_TOKEN_ROLE}`, {});
  const { client_token: token, accessor } = Login.parse(JSON.parse(made.body)).auth;
  const ClientRequestToken = randomUUID();
  const SecretString = JSON.stringify({ token, accessor });
  const VersionStages = ["AWSPENDING"];
  await secretsManager.send(
    new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString, VersionStages }),
  );
  const { status } = await vault(READABLE_PATH, undefined, token);
  if (status !== 200) throw new Error(`the new token can't read ${READABLE_PATH}: ${status}`);
  await secretsManager.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: "AWSCURRENT",
      MoveToVersionId: ClientRequestToken,
      RemoveFromVersionId: former,
    }),
  );
  return { formerToken, accessor, promotedAt: clock.now() };
}

async function end({ formerToken }: Replaced, vault: VaultCall): Promise<void> {
  // Whether somebody still renews it.
  const { accessor } = await lookUp(vault, { token: formerToken });
  await vault("auth/token/revoke-accessor", { accessor });
  const { status } = await vault("auth/token/lookup-accessor", { accessor });
  if (status === 200) throw new Error(`${accessor} was revoked, and lives`);
}

async function lookUp(vault: VaultCall, by: { token: string } | { accessor: string }) {
  const path = "token" in by ? "auth/token/lookup" : "auth/token/lookup-accessor";
  const { body } = await vault(path, by);
  return LookedUp.parse(JSON.parse(body)).data;
}

/** Calls with the token of a login, which is made anew before it ends. */
function openVault({ transport, login, clock }: RotateStage): VaultCall {
  const call = (path: string, body?: object, token?: string) =>
    transport.send({
      method: body ? "POST" : "GET",
      path: `/v1/${path}`,
      headers: { ...(token && { "X-Vault-Token": token }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const credentials = { role_id: login.roleId, secret_id: login.secretId };
  let own: { readonly token: Promise<string>; readonly until: Date } | undefined;
  async function logIn(): Promise<string> {
    const { body } = await call("auth/approle/login", credentials);
    return Login.parse(JSON.parse(body)).auth.client_token;
  }
  return async (path, body, token) => {
    if (token) return call(path, body, token);
    const now = clock.now();
    if (!own || own.until <= now) own = { token: logIn(), until: plusSeconds(now, LOGIN_SECONDS) };
    return call(path, body, await own.token);
  };
}
