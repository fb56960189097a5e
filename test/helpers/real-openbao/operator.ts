/** A call as an operator of Vault makes it. @throws when the answer is no 2xx. */
export async function vaultOperator(
  { address, rootToken }: { readonly address: string; readonly rootToken: string },
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await fetch(`${address}/v1/${path}`, {
    method,
    headers: { "X-Vault-Token": rootToken, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
