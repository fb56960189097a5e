import * as z from "zod";
import { ACL_TOKEN_FIELDS } from "../../acl-token-standing.ts";

const Links = z.array(z.object({ ID: z.string() })).nullish();
/** They are copied as they are. */
const Identities = z.array(z.record(z.string(), z.unknown())).nullish();

/** The fields of a token that are read. */
export const TokenReading = z.object({
  ...ACL_TOKEN_FIELDS,
  Description: z.string().default(""),
  Local: z.boolean().default(false),
  Policies: Links,
  Roles: Links,
  ServiceIdentities: Identities,
  NodeIdentities: Identities,
  /** Since Consul 1.17. */
  TemplatedPolicies: Identities,
});
export type TokenReading = z.infer<typeof TokenReading>;

/** What a token may do, as a new one is told it. Older Consuls refuse a field that they don't know. */
export function grantsOf(token: TokenReading): object {
  const { Local, Policies, Roles, ServiceIdentities, NodeIdentities, TemplatedPolicies } = token;
  const ids = (links: TokenReading["Roles"]) => (links ?? []).map(({ ID }) => ({ ID }));
  return {
    Local,
    Policies: ids(Policies),
    Roles: ids(Roles),
    ...(ServiceIdentities?.length && { ServiceIdentities }),
    ...(NodeIdentities?.length && { NodeIdentities }),
    ...(TemplatedPolicies?.length && { TemplatedPolicies: TemplatedPolicies.map(asAsked) }),
  };
}

/** Without what Consul has made of it. */
function asAsked({ TemplateName, TemplateVariables, Datacenters }: Record<string, unknown>) {
  return { TemplateName, TemplateVariables, Datacenters };
}
