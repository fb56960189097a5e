import { AwsError } from "../aws-error.ts";
import { checkFilter, filterMatches } from "./filter.ts";

type Tree = Readonly<Record<string, unknown>>;

/**
 * Refuses a pattern EventBridge would refuse, and filters this model does not know: a rule must
 * never be silent because of them.
 * @throws {AwsError} InvalidEventPatternException.
 */
export function checkPattern(pattern: unknown): asserts pattern is Tree {
  if (!isTree(pattern)) throw invalid("Event pattern is not a JSON object");
  if (Object.keys(pattern).length === 0) throw invalid("Empty objects are not allowed");
  for (const [field, value] of Object.entries(pattern)) {
    if (field === "$or" && Array.isArray(value)) for (const each of value) checkPattern(each);
    else if (isTree(value)) checkPattern(value);
    else checkFilters(field, value);
  }
}

/**
 * Whether an event matches a pattern: every field of the pattern has a filter that matches; of an
 * array in the event one element is enough.
 */
export function matches(pattern: Tree, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === "$or" && Array.isArray(wanted)) {
      return wanted.some((each) => isTree(each) && matches(each, event));
    }
    const value = isTree(event) ? event[field] : undefined;
    return Array.isArray(wanted) ? leafMatches(wanted, value) : branchMatches(wanted, value);
  });
}

function branchMatches(wanted: unknown, value: unknown): boolean {
  if (!isTree(wanted)) return false;
  if (Array.isArray(value)) return value.some((each) => matches(wanted, each));
  return matches(wanted, value);
}

function leafMatches(filters: readonly unknown[], value: unknown): boolean {
  const values = Array.isArray(value) ? value : [value];
  return filters.some((filter) => values.some((each) => filterMatches(filter, each)));
}

function checkFilters(field: string, filters: unknown): void {
  if (!Array.isArray(filters)) throw invalid(`"${field}" must be an object or an array`);
  if (filters.length === 0) throw invalid("Empty arrays are not allowed");
  for (const filter of filters) {
    const problem = checkFilter(filter);
    if (problem) throw invalid(`"${field}": ${problem}`);
  }
}

function invalid(reason: string): AwsError {
  return new AwsError(
    "InvalidEventPatternException",
    `Event pattern is not valid. Reason: ${reason}`,
  );
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
