import * as z from "zod";
import type { ApiHttp } from "../../http/api-http.ts";
import type { LookedUp } from "./token-reading.ts";

const RoleReading = z.object({
  data: z.object({
    allowed_policies: z.array(z.string()).nullish(),
    allowed_policies_glob: z.array(z.string()).nullish(),
    orphan: z.boolean(),
    token_period: z.number(),
  }),
});
type TokenRole = z.infer<typeof RoleReading>["data"];

/**
 * What makes a token unfit to be published, if anything does, and how to mend it: that of its role, which no
 * lookup of the token tells, and that of the token itself.
 */
export async function readDefect(
  http: ApiHttp,
  name: string,
): Promise<(token: LookedUp, policies: readonly string[]) => string | undefined> {
  const path = `/v1/auth/token/roles/${name}`;
  const role = (await http.read({ method: "GET", path }, RoleReading))?.value.data;
  return (token, policies) => {
    const defect = role ? defectOf(role, token, policies) : "it is not there: make it";
    return defect && `auth/token/roles/${name}: ${defect}`;
  };
}

function defectOf(
  role: TokenRole,
  token: LookedUp,
  policies: readonly string[],
): string | undefined {
  if (token.type !== "service") {
    return `the token is of type ${token.type}, which can't be revoked: set token_type to service`;
  }
  if (!token.orphan || !role.orphan) {
    return "the token is no orphan, and dies with the login that made it: set orphan to true";
  }
  if (!role.token_period) {
    return "the token ends whether it is renewed or not: set token_period";
  }
  if (token.renewable === false) return "the token can't be renewed: set renewable to true";
  if (token.num_uses !== 0) {
    return "the token is for a number of uses, this test among them: set token_num_uses to 0";
  }
  if (!role.allowed_policies?.length && !role.allowed_policies_glob?.length) {
    return "the token may do what Drover may: set allowed_policies";
  }
  const missing = policies.filter((policy) => !token.policies.includes(policy));
  if (missing.length === 0) return undefined;
  return `the token lacks ${missing.join(", ")}: set allowed_policies`;
}
