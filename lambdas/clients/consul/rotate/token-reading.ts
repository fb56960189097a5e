import * as z from "zod";
import type { Standing } from "../../../domain/rotate/kind.ts";

const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const Links = z.array(z.object({ ID: z.string() })).nullish();
/** They are copied as they are. */
const Identities = z.array(z.record(z.string(), z.unknown())).nullish();

/** The fields of a token that are read. */
export const TokenReading = z.object({
  AccessorID: z.string().min(1),
  Description: z.string().default(""),
  CreateTime: Time,
  ExpirationTime: Time.nullish(),
  Local: z.boolean().default(false),
  Policies: Links,
  Roles: Links,
  ServiceIdentities: Identities,
  NodeIdentities: Identities,
  /** Since Consul 1.17. */
  TemplatedPolicies: Identities,
});
export type TokenReading = z.infer<typeof TokenReading>;

/** What Consul says of a token that lives. */
export function standingOf({ AccessorID, CreateTime, ExpirationTime }: TokenReading): Standing {
  const milliseconds = ExpirationTime ? ExpirationTime.getTime() - CreateTime.getTime() : 0;
  return {
    accessor: AccessorID,
    createdAt: CreateTime,
    ...(ExpirationTime && {
      expiresAt: ExpirationTime,
      lifeSeconds: Math.round(milliseconds / 1_000),
    }),
  };
}

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
