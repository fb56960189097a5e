import { AwsError } from "../aws-error.ts";
import type { QueryParameters } from "./query-parameters.ts";

/** What a filter compares; one thing can have several values, of which one is enough. */
export type Ec2Filters<T> = (name: string) => ((item: T) => string | readonly string[]) | undefined;

/** EC2 takes no more values in all filters of a call. */
const VALUES_AT_ONCE = 200;

/**
 * The things that a call's filters let through: every filter, by any of its values. `*` and `?` in a
 * value stand for any characters and for one.
 * @throws {AwsError} InvalidParameterValue for a filter the model does not know.
 */
export function applyFilters<T>(
  items: readonly T[],
  parameters: QueryParameters,
  filters: Ec2Filters<T>,
): T[] {
  const asked = parameters.filters();
  if (asked.reduce((count, { values }) => count + values.length, 0) > VALUES_AT_ONCE) {
    const text = "The maximum number of filter values specified on a single call is 200";
    throw new AwsError("FilterLimitExceeded", text);
  }
  return asked.reduce<T[]>(
    (left, { name, values }) => {
      const read = filters(name);
      if (!read) {
        throw new AwsError("InvalidParameterValue", `The model does not know the filter '${name}'`);
      }
      const wanted = values.map(asExpression);
      return left.filter((item) =>
        [read(item)].flat().some((value) => wanted.some((each) => each.test(value))),
      );
    },
    [...items],
  );
}

function asExpression(value: string): RegExp {
  const escaped = value.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}
