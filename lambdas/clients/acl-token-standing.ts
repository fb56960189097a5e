import * as z from "zod";
import type { Standing } from "../domain/rotate/kind.ts";

const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What Nomad and Consul say in the same words of an ACL token. */
export const ACL_TOKEN_FIELDS = {
  AccessorID: z.string().min(1),
  CreateTime: Time,
  ExpirationTime: Time.nullish(),
} as const;
type AclToken = z.infer<z.ZodObject<typeof ACL_TOKEN_FIELDS>>;

/** How it stands with an ACL token that lives. */
export function standingOf({ AccessorID, CreateTime, ExpirationTime }: AclToken): Standing {
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
