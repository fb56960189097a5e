import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { charactersLeft } from "./policy-characters.ts";
import { splitStatement } from "./split-statement.ts";

/**
 * Spreads statements over policies that IAM takes, in their order. One that is longer than a policy has room for
 * becomes several, which together allow the same.
 * @returns what each policy is to hold. There is always a first one.
 * @throws {RangeError} for a statement that can't be made short enough.
 */
export function spreadStatements(
  scope: Construct,
  statements: readonly PolicyStatement[],
): PolicyStatement[][] {
  let policy: PolicyStatement[] = [];
  const policies = [policy];
  const waiting = [...statements];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [fits, rest] = splitStatement(scope, next, charactersLeft(scope, policy));
    if (fits) policy.push(fits);
    if (!rest) continue;
    if (policy.length === 0) {
      throw new RangeError(`no policy has room for ${JSON.stringify(rest.toJSON())}`);
    }
    policy = [];
    policies.push(policy);
    waiting.unshift(rest);
  }
  return policies;
}
