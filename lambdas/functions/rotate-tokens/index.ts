import { composeRotateTokens } from "../../runtime/rotate-tokens.ts";
import { rotateTokensHandler } from "../../runtime/rotate-tokens-handler.ts";

/** Rotates credentials. Started by its queue, and by Secrets Manager itself. */
export const handler = rotateTokensHandler(composeRotateTokens);
