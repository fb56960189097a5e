import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { ParameterPolicy } from "./parameter.ts";

const TYPES = ["Expiration", "ExpirationNotification", "NoChangeNotification"];

const Policy = z.object({
  Type: z.string(),
  Version: z.string(),
  Attributes: z.record(z.string(), z.string()),
});
/** An empty object is how existing policies are taken away. */
const Policies = z.array(z.union([Policy, z.strictObject({}).transform(() => undefined)]));

/**
 * The policies in PutParameter's JSON text.
 * @throws {AwsError} for what Parameter Store would refuse.
 */
export function parsePolicies(text: string, now: Date): ParameterPolicy[] {
  const parsed = Policies.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new AwsError("ValidationException", "Policies must be a JSON array of policies.");
  }
  const policies = parsed.data.filter((policy) => policy !== undefined);
  for (const { Type } of policies) {
    if (TYPES.includes(Type)) continue;
    throw new AwsError("InvalidPolicyTypeException", `The policy type ${Type} isn't supported.`);
  }
  const expirations = policies.filter(({ Type }) => Type === "Expiration");
  if (expirations.length > 1) {
    const text = "A parameter can have one Expiration policy.";
    throw new AwsError("IncompatiblePolicyException", text);
  }
  const end = expiresAt(policies);
  if (expirations.length > 0 && !(end && end > now)) {
    const text = "The Timestamp of an Expiration policy must be a time to come.";
    throw new AwsError("InvalidPolicyAttributeException", text);
  }
  return policies;
}

/** When the policies end the parameter, if they do. */
export function expiresAt(policies: readonly ParameterPolicy[]): Date | undefined {
  const policy = policies.find(({ Type }) => Type === "Expiration");
  const at = new Date(policy?.Attributes.Timestamp ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
