import * as z from "zod";
import type { Standing } from "../../../domain/rotate/kind.ts";

const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** The fields of a token that are read. */
export const TokenReading = z.object({
  AccessorID: z.string().min(1),
  SecretID: z.string(),
  Type: z.string(),
  Global: z.boolean(),
  Policies: z.array(z.string()).nullish(),
  Roles: z.array(z.object({ ID: z.string() })).nullish(),
  CreateTime: Time,
  ExpirationTime: Time.nullish(),
});
export type TokenReading = z.infer<typeof TokenReading>;

/** What Nomad says of a token that lives. */
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

/** What a token may do, as a new one is told it. A management token has neither policies nor roles. */
export function grantsOf({ Type, Global, Policies, Roles }: TokenReading): object {
  return {
    Type,
    Global,
    ...(Policies?.length && { Policies }),
    ...(Roles?.length && { Roles: Roles.map(({ ID }) => ({ ID })) }),
  };
}
