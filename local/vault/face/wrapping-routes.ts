import type { Wrapping } from "../wrappings.ts";
import { authorise } from "./authorise.ts";
import { type Call, oneError, Refusal, type Reply } from "./call.ts";

/** What the caller has sent, for its wrapping. */
export function wrap({ body, wrapSeconds }: Call): Reply {
  if (wrapSeconds > 0) return { data: body };
  throw new Refusal(400, "endpoint requires response wrapping to be used");
}

/** Anybody who has the wrapping token may look; it is not used up by that. */
export function lookUpWrapping(call: Call): Reply {
  const found = living(call, tokenInBody(call) ?? call.tokenText);
  return {
    data: {
      creation_path: found.creationPath,
      creation_time: found.createdAt.toISOString(),
      creation_ttl: found.ttlSeconds,
    },
  };
}

/**
 * The answer as it was wrapped. A wrapping token in `X-Vault-Token` is enough; to unwrap one in the
 * body, the caller needs a token of its own beside it.
 */
export function unwrap(call: Call): Reply {
  const { model, tokenText } = call;
  const inBody = tokenInBody(call);
  const found = living(call, inBody ?? tokenText);
  if (inBody !== undefined) spendCaller(call, inBody);
  model.wrappings.take(found.token);
  return { plain: found.content };
}

/** Another wrapping token may unwrap as well, and is used up by it. */
function spendCaller({ model, tokenText }: Call, inBody: string): void {
  if (!model.wrappings.find(tokenText)) {
    authorise(model, tokenText, "sys/wrapping/unwrap", { operation: "update", wrapSeconds: 0 });
    return;
  }
  model.wrappings.take(tokenText);
  if (tokenText !== inBody) return;
  const problem = "invalid token entry provided for use count decrementing";
  throw oneError(500, `error decrementing wrapping token's use-count: ${problem}`);
}

function living({ model }: Call, token: string): Wrapping {
  if (token === "") throw notAsked("token is empty");
  const found = model.wrappings.find(token);
  if (found) return found;
  throw new Refusal(400, "wrapping token is not valid or does not exist");
}

/** @returns undefined when the body has none. */
function tokenInBody({ body: { token } }: Call): string | undefined {
  if (token === undefined || token === null) return undefined;
  if (typeof token !== "string") throw notAsked("could not decode token in request body");
  if (token === "") throw notAsked("empty token in request body");
  return token;
}

function notAsked(why: string): Refusal {
  return new Refusal(403, `error validating wrapping token: ${why}`);
}
