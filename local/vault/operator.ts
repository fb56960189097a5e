import type { Transport } from "../../lambdas/clients/http/exchange.ts";

/** An operator of a Vault or OpenBao, real or not. */
export interface VaultOperator {
  readonly transport: Transport;
  readonly token: string;
  readonly namespace?: string | undefined;
}

/** What an operator was answered that was not done. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
  readonly status: number;

  constructor(what: string, status: number, body: string) {
    super(`${what}: Vault answered ${status} ${body.trim()}`);
    this.status = status;
  }
}

/** A call as an operator makes it. @throws {OperatorError} when the answer is no 2xx. */
export async function operate(
  { transport, token, namespace }: VaultOperator,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await transport.send({
    method,
    path: `/v1/${path}`,
    headers: {
      "X-Vault-Token": token,
      "Content-Type": "application/json",
      ...(namespace && { "X-Vault-Namespace": namespace }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { status, body: text } = answer;
  if (status < 200 || status > 299) throw new OperatorError(`${method} ${path}`, status, text);
  return text === "" ? undefined : JSON.parse(text);
}
