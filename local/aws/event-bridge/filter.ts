type Check = (wanted: unknown, value: unknown) => boolean;

const isText = (value: unknown): value is string => typeof value === "string";
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const isScalar = (value: unknown) => value === null || typeof value !== "object";

const COMPARE: Record<string, (value: number, bound: number) => boolean> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** The content filters of event patterns, by name. */
const FILTERS: Record<string, Check> = {
  prefix: (wanted, value) => isText(value) && isText(wanted) && value.startsWith(wanted),
  suffix: (wanted, value) => isText(value) && isText(wanted) && value.endsWith(wanted),
  "equals-ignore-case": (wanted, value) =>
    isText(value) && isText(wanted) && value.toLowerCase() === wanted.toLowerCase(),
  // Only leaves exist: for an object the answer is no, whatever is in it.
  exists: (wanted, value) => (value !== undefined && isScalar(value)) === wanted,
  numeric: (wanted, value) => typeof value === "number" && inRange(asList(wanted), value),
  "anything-but": (wanted, value) => {
    if (value === undefined || !isScalar(value)) return false;
    return !asList(wanted).some((each) => excludes(each, value));
  },
};

function excludes(wanted: unknown, value: unknown): boolean {
  if (isScalar(wanted)) return wanted === value;
  return Object.entries(wanted ?? {}).some(([name, argument]) =>
    asList(argument).some((each) => FILTERS[name]?.(each, value)),
  );
}

function inRange(range: readonly unknown[], value: number): boolean {
  for (let i = 0; i < range.length; i += 2) {
    if (!COMPARE[String(range[i])]?.(value, Number(range[i + 1]))) return false;
  }
  return true;
}

/** Whether one filter of a pattern, a plain value or a content filter, matches one value. */
export function filterMatches(filter: unknown, value: unknown): boolean {
  if (isScalar(filter)) return filter === value;
  return Object.entries(filter ?? {}).some(([name, wanted]) => FILTERS[name]?.(wanted, value));
}

/** What is wrong with a filter, if anything. */
export function checkFilter(filter: unknown): string | undefined {
  if (isScalar(filter)) return undefined;
  const names = Object.keys(filter ?? {});
  const [name] = names;
  if (names.length !== 1 || name === undefined) return "a filter has one name";
  return name in FILTERS ? undefined : `Unrecognized match type ${name}`;
}
