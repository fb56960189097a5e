import { AwsError } from "../aws-error.ts";
import { pageOf } from "./paging.ts";
import type { QueryParameters } from "./query-parameters.ts";
import type { XmlObject } from "./xml.ts";

/**
 * A page of what EC2 describes. Without `MaxResults` it is all there is, as on AWS.
 * @param ids what was asked for by name: those are not paged.
 * @throws {AwsError} for bounds out of 5 to 1000, and for both at once.
 */
export function ec2Page<T>(
  items: readonly T[],
  parameters: QueryParameters,
  ids: readonly string[],
): { readonly page: readonly T[]; readonly next: XmlObject } {
  const size = parameters.number("MaxResults");
  if (size !== undefined && ids.length > 0) {
    const text = "The parameter instancesSet cannot be used with the parameter maxResults";
    throw new AwsError("InvalidParameterCombination", text);
  }
  if (size !== undefined && (size < 5 || size > 1_000)) {
    const text = `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`;
    throw new AwsError("InvalidParameterValue", text);
  }
  const token = parameters.text("NextToken");
  const { page, NextToken } = pageOf(items, size ?? Math.max(1, items.length), token);
  return { page, next: NextToken === undefined ? {} : { nextToken: NextToken } };
}
