import { Stack } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";

/** IAM takes no longer managed policy. It does not count spaces. */
export const POLICY_CHARACTERS = 6_144;

const AROUND_STATEMENTS = '{"Version":"2012-10-17","Statement":[]}'.length;
/** In place of a reference to something that the stack makes: no ARN or name of such is longer. */
const REFERENCE = "x".repeat(200);

/** What a policy with some statements has room for: another one, and the comma before it. */
export function charactersLeft(scope: Construct, statements: readonly PolicyStatement[]): number {
  const used = statements.map((each) => charactersOf(scope, each) + 1);
  return used.reduce((left, each) => left - each, POLICY_CHARACTERS - AROUND_STATEMENTS);
}

/** How long a statement is, as IAM counts; it is not longer. */
export function charactersOf(scope: Construct, statement: PolicyStatement): number {
  const resolved = Stack.of(scope).resolve(statement.toJSON());
  return JSON.stringify(resolved, (_key, value) => (isReference(value) ? REFERENCE : value)).length;
}

function isReference(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const [key = "", ...others] = Object.keys(value);
  return others.length === 0 && /^(Ref|Fn::.+)$/.test(key);
}
