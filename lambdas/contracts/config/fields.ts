import * as z from "zod";

/** An ARN of one service. */
export const Arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `must be an ARN of ${service}`);

/** A whole number of seconds. */
export const Seconds = z.number().int();

/** What the names of parameters in Parameter Store begin with. */
export const ParameterPath = z
  .string()
  .regex(
    /^(\/[a-zA-Z0-9_.-]+){1,10}$/,
    "must be a path such as /drover/nodes, without a / at its end",
  )
  // Parameter Store keeps these for itself.
  .refine((path) => !/^\/(aws|ssm)/i.test(path), "must not begin with /aws or /ssm");

/** Name or ARN of a secret in Secrets Manager. */
export const SecretName = z.string().min(1);

/** The address of a server, for example `https://nomad.example.internal:4646`. */
export const Address = z
  .url({
    protocol: /^https?$/,
    error: "must be a URL such as https://nomad.example.internal:4646",
    abort: true,
  })
  // The address is quoted in error texts and logs.
  .refine((address) => !hasUserInfo(address), {
    error: "must hold no user name or password: secrets belong into Secrets Manager",
  });

function hasUserInfo(address: string): boolean {
  const { username, password } = new URL(address);
  return username !== "" || password !== "";
}
