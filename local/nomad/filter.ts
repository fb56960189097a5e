import { type Expression, FilterError } from "./filter-expression.ts";
import { parseFilter } from "./filter-parser.ts";
import type { ModelNode } from "./node.ts";

/**
 * Makes a test of nodes out of a filter: the part of go-bexpr that `==`, `!=`, `matches`, `not`,
 * `and`, `or` and parentheses are.
 * @throws {FilterError} for a filter that go-bexpr would not read.
 */
export function nodeFilter(text: string): (node: ModelNode) => boolean {
  const expression = parseFilter(text);
  const patterns = new Map<string, RegExp>();
  return (node) => holds(expression, fields(node), patterns);
}

type Fields = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

function fields(node: ModelNode): Fields {
  return {
    ID: node.id,
    Name: node.name,
    Datacenter: node.datacenter,
    NodePool: node.nodePool,
    NodeClass: node.nodeClass,
    Status: node.status,
    SchedulingEligibility: node.eligible ? "eligible" : "ineligible",
    Attributes: node.attributes,
    Meta: node.meta,
  };
}

function holds(expression: Expression, of: Fields, patterns: Map<string, RegExp>): boolean {
  switch (expression.kind) {
    case "and":
      return holds(expression.left, of, patterns) && holds(expression.right, of, patterns);
    case "or":
      return holds(expression.left, of, patterns) || holds(expression.right, of, patterns);
    case "not":
      return !holds(expression.operand, of, patterns);
    case "match": {
      const { operator, value } = expression;
      const found = select(expression.selector, of);
      const negative = operator === "!=" || operator === "not matches";
      // A missing key of a map is no error: nothing equals it.
      if (found === undefined) return negative;
      const same =
        operator === "==" || operator === "!="
          ? found === value
          : pattern(value, patterns).test(found);
      return same !== negative;
    }
  }
}

function select([field = "", key]: readonly string[], of: Fields): string | undefined {
  const value = of[field];
  if (value === undefined) {
    throw new FilterError(
      `failed to read result page: error finding value in datum: /${field} at part 0: couldn't find key: struct field with name "${field}"`,
    );
  }
  return typeof value === "string" ? value : value[key ?? ""];
}

function pattern(text: string, patterns: Map<string, RegExp>): RegExp {
  const known = patterns.get(text);
  if (known) return known;
  try {
    const made = new RegExp(text);
    patterns.set(text, made);
    return made;
  } catch (cause) {
    throw new FilterError(
      `failed to read result page: failed to compile regular expression "${text}": ${(cause as Error).message}`,
      { cause },
    );
  }
}
