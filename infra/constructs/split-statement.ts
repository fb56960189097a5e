import { Effect, type PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { charactersOf } from "./policy-characters.ts";

/** They hold where one of their values does, so that their values can be spread over several statements. */
const ANY_OF = ["StringEquals", "StringLike"];

/** A list in a statement, any one of which it allows something on. */
interface Choice {
  readonly values: readonly string[];
  /** The same statement for some of them. */
  only(values: readonly string[]): PolicyStatement;
}

/**
 * Splits a statement that allows something into what fits and the rest, which together allow the same.
 * @param room in characters.
 * @returns what fits, if anything does, and the rest, if there is any.
 */
export function splitStatement(
  scope: Construct,
  statement: PolicyStatement,
  room: number,
): [fits?: PolicyStatement, rest?: PolicyStatement] {
  if (charactersOf(scope, statement) <= room) return [statement, undefined];
  const [longest] = choicesOf(statement).sort((a, b) => b.values.length - a.values.length);
  if (!longest) return [undefined, statement];
  const { values, only } = longest;
  const fits = (count: number) => charactersOf(scope, only(values.slice(0, count))) <= room;
  let count = 0;
  while (count + 1 < values.length && fits(count + 1)) count++;
  if (count === 0) return [undefined, statement];
  return [only(values.slice(0, count)), only(values.slice(count))];
}

function choicesOf(statement: PolicyStatement): Choice[] {
  // What is denied but for some values would be denied for all by two statements with half of them each.
  if (statement.effect !== Effect.ALLOW) return [];
  const { resources, conditions } = statement;
  const ofResources = {
    values: resources,
    only: (values: readonly string[]) => statement.copy({ resources: [...values] }),
  };
  const ofConditions = ANY_OF.flatMap((operator) =>
    Object.entries<unknown>(conditions[operator] ?? {}).map(([key, value]) => ({
      values: [value].flat() as string[],
      only: (values: readonly string[]) =>
        statement.copy({
          conditions: {
            ...conditions,
            [operator]: { ...conditions[operator], [key]: [...values] },
          },
        }),
    })),
  );
  return [ofResources, ...ofConditions].filter(({ values }) => values.length > 1);
}
