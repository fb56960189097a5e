import * as z from "zod";
import type { Standing } from "../../../domain/rotate/kind.ts";

const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const SecretIdReading = z.object({
  data: z.object({
    creation_time: Time,
    /** In the year 1 when it never expires. */
    expiration_time: Time,
    metadata: z.record(z.string(), z.string()).nullable(),
    secret_id_accessor: z.string().min(1),
    /** How many are left; 0: any number. */
    secret_id_num_uses: z.number(),
  }),
});
export type LookedUpSecretId = z.infer<typeof SecretIdReading>["data"];

/** What Vault says of a secret id that lives. */
export function standingOf(secretId: LookedUpSecretId): Standing {
  const { creation_time: createdAt, expiration_time: expiresAt } = secretId;
  const lifeSeconds = Math.round((expiresAt.getTime() - createdAt.getTime()) / 1_000);
  return {
    accessor: secretId.secret_id_accessor,
    createdAt,
    ...(lifeSeconds > 0 && { expiresAt, lifeSeconds }),
  };
}
