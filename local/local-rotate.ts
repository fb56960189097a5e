import * as z from "zod";
import { Rotate, type Rotation } from "../lambdas/contracts/config/rotate.ts";
import { ROTATED_APP_ROLE, ROTATED_TOKEN_ROLE } from "./vault/rotation-setup.ts";

/** What the local stack has something to rotate of. */
const KINDS: readonly Rotation["kind"][] = [
  "vault-token",
  "vault-secret-id",
  "vault-barrier-key",
  "consul-token",
  "nomad-token",
  "nomad-root-key",
];

/** What is rotated on the local stack: its secrets get a first value, and Vault the roles for them. */
export const LocalRotate = z.strictObject({
  /** From one look at all rotations to the next. @default as deployed */
  lookSeconds: z.int().min(1).default(300),
  of: Rotate.shape.of.superRefine((rotations, context) => {
    for (const [index, rotation] of rotations.entries()) {
      const wrong = wrongIn(rotation);
      if (wrong) context.addIssue({ code: "custom", path: [index, wrong.field], ...wrong });
    }
  }),
});
export type LocalRotate = z.infer<typeof LocalRotate>;

function wrongIn(rotation: Rotation): { field: string; message: string } | undefined {
  const { kind } = rotation;
  if (kind === "vault-token" && rotation.role !== ROTATED_TOKEN_ROLE) {
    return { field: "role", message: `the local stack's token role is ${ROTATED_TOKEN_ROLE}` };
  }
  if (kind !== "vault-secret-id") {
    const message = `of this kind there is nothing on the local stack, but of ${KINDS.join(", ")}`;
    return KINDS.includes(kind) ? undefined : { field: "kind", message };
  }
  if (rotation.role === ROTATED_APP_ROLE && rotation.mount === "approle") return undefined;
  const message = `the local stack's AppRole role is ${ROTATED_APP_ROLE}, at approle`;
  return { field: "role", message };
}
