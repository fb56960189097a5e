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
 * @param peers the elements of the array the event is one of: a field does not exist when none has it.
 */
export function matches(
  pattern: Tree,
  event: unknown,
  peers: readonly unknown[] = [event],
): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === "$or" && Array.isArray(wanted)) {
      return wanted.some((each) => isTree(each) && matches(each, event, peers));
    }
    const values = elements(fieldOf(event, field));
    const all = peers.flatMap((peer) => elements(fieldOf(peer, field)));
    return Array.isArray(wanted)
      ? wanted.some((filter) => leafMatches(filter, values, all))
      : isTree(wanted) && values.some((value) => matches(wanted, value, all));
  });
}

function leafMatches(
  filter: unknown,
  values: readonly unknown[],
  all: readonly unknown[],
): boolean {
  if (isTree(filter) && filter.exists === false) {
    return all.every((value) => filterMatches(filter, value));
  }
  return values.some((value) => filterMatches(filter, value));
}

/** An empty array has nothing in it that a pattern could see. */
function elements(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [value];
  return value.length === 0 ? [undefined] : value;
}

function fieldOf(event: unknown, field: string): unknown {
  return isTree(event) ? event[field] : undefined;
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
