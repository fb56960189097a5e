import * as z from "zod";
import { answer } from "./face/answer.ts";
import type { VaultModel } from "./model.ts";

const Wrapping = z.object({ data: z.object({ creation_path: z.string() }) });
const SecretId = z.object({ data: z.object({ secret_id: z.string() }) });
const Login = z.object({ auth: z.object({ client_token: z.string(), accessor: z.string() }) });

/** What a wrapping says it holds; undefined when it was unwrapped, or has expired. */
export async function creationPathOf(model: VaultModel, wrappingToken: string) {
  const body = { token: wrappingToken };
  return (await call(model, "sys/wrapping/lookup", body, Wrapping))?.data.creation_path;
}

/** Takes a secret id out of its wrapping, as a new node or an intruder does. @returns undefined when another was first. */
export async function unwrapSecretId(model: VaultModel, wrappingToken: string) {
  const body = { token: wrappingToken };
  return (await call(model, "sys/wrapping/unwrap", body, SecretId))?.data.secret_id;
}

/** Logs in by AppRole. @returns undefined when Vault refuses. */
export async function logInByAppRole(
  model: VaultModel,
  { roleId, secretId, mount = "approle" }: { roleId: string; secretId: string; mount?: string },
): Promise<{ readonly token: string; readonly accessor: string } | undefined> {
  const body = { role_id: roleId, secret_id: secretId };
  const auth = (await call(model, `auth/${mount}/login`, body, Login))?.auth;
  return auth && { token: auth.client_token, accessor: auth.accessor };
}

/** @throws when Vault does not answer, or with a 5xx. */
async function call<Schema extends z.ZodType>(
  model: VaultModel,
  path: string,
  body: unknown,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  const url = `/v1/${path}`;
  const result = await answer(model, {
    method: "POST",
    url,
    headers: {},
    body: JSON.stringify(body),
  });
  if (!result || result.status >= 500) throw new Error(`${url}: ${result?.body ?? "no answer"}`);
  return result.status === 200 ? schema.parse(JSON.parse(result.body)) : undefined;
}
