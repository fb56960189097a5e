import type { VaultModel } from "../model.ts";
import { allows } from "../policy.ts";
import type { ModelToken } from "../tokens.ts";
import { type Operation, oneError, Refusal } from "./call.ts";

interface Asked {
  readonly operation: Operation;
  readonly wrapSeconds: number;
  readonly needsSudo?: boolean;
}

/**
 * The caller's token, if its policies allow the request.
 * @throws {Refusal} An unknown token and a lack of policy are both a 403, in different words.
 */
export function authorise(
  model: VaultModel,
  tokenText: string,
  path: string,
  { operation, wrapSeconds, needsSudo }: Asked,
): ModelToken {
  const token = model.tokens.use(tokenText);
  // A wrapping token is a token too, for one request: whatever else it was sent to, it is used up.
  if (!token && model.wrappings.take(tokenText)) throw oneError(403, "permission denied");
  if (!token) throw new Refusal(403, "permission denied");
  if (token.policies.includes("root")) return token;
  const policies = model.policies(token.policies);
  const capabilities = needsSudo ? ([operation, "sudo"] as const) : [operation];
  if (capabilities.every((each) => allows(policies, path, each, wrapSeconds))) return token;
  throw oneError(403, "permission denied");
}
