import * as z from "zod";

const PRINCIPAL = /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/;
const Principal = z
  .string()
  .regex(
    PRINCIPAL,
    "must be the ARN of a role or a user, such as arn:aws:iam::123456789012:role/ops",
  );

/** A secret that the stack makes, and who may use it beside Drover. */
export const MadeSecret = z.strictObject({
  /** They read it, whatever their own policies say. Drover's functions that do are among them already. */
  readers: z.array(Principal).default([]),
  /** They may read it and put another value into it, if their own policies allow that. */
  operators: z.array(Principal).min(1, "must name somebody, or nobody could mend it"),
});

const NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;

/** @returns what is wrong with the name of a secret that the stack is to make. */
export function madeNameDefect(secret: string): string | undefined {
  if (secret.startsWith("arn:")) {
    return "must be a name and no ARN: with make the stack makes the secret, and AWS the end of its ARN";
  }
  if (NAME.test(secret)) return undefined;
  return "must be letters, digits and /_+=.@-, for the stack makes a secret of that name";
}
