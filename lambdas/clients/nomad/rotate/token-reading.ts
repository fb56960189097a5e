import * as z from "zod";
import { ACL_TOKEN_FIELDS } from "../../acl-token-standing.ts";

/** The fields of a token that are read. */
export const TokenReading = z.object({
  ...ACL_TOKEN_FIELDS,
  SecretID: z.string(),
  Type: z.string(),
  Global: z.boolean(),
  Policies: z.array(z.string()).nullish(),
  Roles: z.array(z.object({ ID: z.string() })).nullish(),
});
export type TokenReading = z.infer<typeof TokenReading>;

/** What a token may do, as a new one is told it. A management token has neither policies nor roles. */
export function grantsOf({ Type, Global, Policies, Roles }: TokenReading): object {
  return {
    Type,
    Global,
    ...(Policies?.length && { Policies }),
    ...(Roles?.length && { Roles: Roles.map(({ ID }) => ({ ID })) }),
  };
}
