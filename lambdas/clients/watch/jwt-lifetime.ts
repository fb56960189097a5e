import * as z from "zod";
import type { Lifetime } from "../../domain/rotate/watched.ts";
import { parseQuietly } from "../quiet-json.ts";

const Seconds = z.number().transform((seconds) => new Date(seconds * 1_000));
const Claims = z.object({
  iat: Seconds.optional(),
  nbf: Seconds.optional(),
  exp: Seconds.optional(),
});

/**
 * When a JWT ends, as it says itself: whether that is true is for those to check who let it in.
 * @returns undefined when it can't be read.
 */
export function jwtLifetime(jwt: string): Lifetime | undefined {
  const [, payload = ""] = jwt.split(".");
  const claims = Claims.safeParse(parseQuietly(Buffer.from(payload, "base64url").toString()));
  if (!claims.success) return undefined;
  const { iat, nbf, exp } = claims.data;
  const createdAt = iat ?? nbf;
  return { ...(createdAt && { createdAt }), ...(exp && { expiresAt: exp }) };
}
