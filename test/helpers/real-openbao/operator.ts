import { createNodeTransport } from "../../../lambdas/clients/http/node-transport.ts";
import { operate, type VaultOperator } from "../../../local/vault/operator.ts";

/** A server, and who may do everything on it. */
export interface Server {
  readonly address: string;
  readonly rootToken: string;
}

/** A call as an operator of Vault makes it. @throws {OperatorError} when the answer is no 2xx. */
export function vaultOperator(
  server: Server,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<unknown> {
  return asOperator(server, (operator) => operate(operator, method, path, body));
}

/** Lets something be done with the root token. */
export async function asOperator<Value>(
  { address, rootToken: token }: Server,
  act: (operator: VaultOperator) => Promise<Value>,
): Promise<Value> {
  const transport = createNodeTransport({ address, requestTimeoutSeconds: 10, maxSockets: 5 });
  try {
    return await act({ transport, token });
  } finally {
    transport.close();
  }
}
