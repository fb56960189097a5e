import * as z from "zod";
import { type HttpAnswer, NoAnswer, type Transport } from "../../lambdas/clients/http/exchange.ts";
import type { MachineVault } from "./world.ts";

const Wrapped = z.object({ data: z.object({ creation_path: z.string() }) });
const Unwrapped = z.object({ data: z.object({ secret_id: z.string() }) });
const LoggedIn = z.object({ auth: z.object({ accessor: z.string() }) });

/** A machine's calls to Vault or OpenBao, real or not. */
export function vaultOverHttp(transport: Transport): MachineVault {
  /** @returns undefined for a 400: what was sent is not, or no longer, good for anything. */
  async function post<Value>(
    path: string,
    body: object,
    schema: z.ZodType<Value>,
    token?: string,
  ): Promise<Value | undefined> {
    const answer = await transport.send({
      method: "POST",
      path: `/v1/${path}`,
      headers: { "Content-Type": "application/json", ...(token && { "X-Vault-Token": token }) },
      body: JSON.stringify(body),
    });
    if (answer.status === 400) return undefined;
    if (answer.status !== 200) throw notNow(path, answer);
    return schema.parse(JSON.parse(answer.body));
  }

  return {
    async creationPath(token) {
      const found = await post("sys/wrapping/lookup", { token }, Wrapped);
      return found?.data.creation_path;
    },
    async unwrapSecretId(token) {
      const found = await post("sys/wrapping/unwrap", {}, Unwrapped, token);
      return found?.data.secret_id;
    },
    async logIn(mount, role_id, secretId) {
      const body = { role_id, secret_id: secretId };
      const found = await post(`auth/${mount}/login`, body, LoggedIn);
      return found?.auth.accessor;
    },
  };
}

/** It may work in a moment: it is sealed, elects a leader, or is not to be had at all. */
function notNow(path: string, { status, body }: HttpAnswer): NoAnswer {
  return new NoAnswer(`${path}: Vault answered ${status} ${body.trim()}`);
}
