import { AwsError } from "../aws-error.ts";
import type { Parameter, ParameterInput, ParameterTier } from "./parameter.ts";

// Texts as AWS writes them where they are known: hashicorp/terraform-provider-aws#18550 and #18521.

const MAXIMUM_CHARACTERS = { Standard: 4_096, Advanced: 8_192 } as const;

function refuse(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/** @throws {AwsError} when Parameter Store would refuse the call, whatever is stored. */
export function checkInput({ name, value, type, keyId, tags, overwrite }: ParameterInput): void {
  if (!/^(\/?[a-zA-Z0-9_.-]+)+$/.test(name)) {
    throw refuse("Parameter name must only use a mix of letters, numbers and the symbols . - _ /");
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw refuse('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  }
  if (name.split("/").filter(Boolean).length > 15) {
    const text = "A hierarchy can have a maximum of 15 levels.";
    throw new AwsError("HierarchyLevelLimitExceededException", text);
  }
  if (value === "" || /\{\{.*\}\}/s.test(value)) {
    throw refuse("Parameter value can't be empty or nest another parameter.");
  }
  if (keyId !== undefined && type !== "SecureString") {
    throw refuse("KeyId is required for SecureString type parameter only.");
  }
  if (overwrite && tags && tags.size > 0) {
    throw refuse(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
}

/** @throws {AwsError} when what is stored does not let itself be replaced so. */
export function checkReplacement(
  before: Parameter,
  { overwrite, type, tier }: ParameterInput,
): void {
  if (!overwrite) {
    throw new AwsError(
      "ParameterAlreadyExists",
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    );
  }
  if (type !== undefined && type !== before.type) {
    const text = `The parameter type can't be changed from ${before.type} to ${type}.`;
    throw new AwsError("HierarchyTypeMismatchException", text);
  }
  if (before.tier === "Advanced" && tier === "Standard") {
    throw refuse(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier.",
    );
  }
}

/** The tier a parameter gets. @throws {AwsError} when it is too small for what is put into it. */
export function tierOf(
  { tier, value }: ParameterInput,
  before: Parameter | undefined,
  withPolicies: boolean,
  byDefault: ParameterTier,
): ParameterTier {
  const wanted = tier ?? before?.tier ?? byDefault;
  const needsMore = withPolicies || value.length > MAXIMUM_CHARACTERS.Standard;
  const chosen = wanted === "Intelligent-Tiering" ? (needsMore ? "Advanced" : "Standard") : wanted;
  if (value.length > MAXIMUM_CHARACTERS[chosen]) {
    const most = MAXIMUM_CHARACTERS[chosen];
    throw refuse(
      `${chosen} tier parameters support a maximum parameter value of ${most} characters.`,
    );
  }
  if (withPolicies && chosen === "Standard") {
    throw refuse("Parameter policies need a parameter in the advanced-parameter tier.");
  }
  return chosen;
}
